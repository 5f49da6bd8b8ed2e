import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const pages = fileURLToPath(new URL('../pages', import.meta.url));
const chapters = JSON.parse(readFileSync(new URL('../../docs/chapters.json', import.meta.url), 'utf8'));

/** The title of a page: its first heading. */
function titleOf(/** @type {string} */ page) {
	return /^# (.*)$/m.exec(readFileSync(path.join(pages, page), 'utf8'))?.[1]?.replaceAll('`', '') ?? page;
}

/**
 * A line of the sidebar; none for a page that is not there. Pages of a folder with the name of the page stand below it, folded.
 *
 * @returns {object[]}
 */
function item(/** @type {string} */ page) {
	if (!existsSync(path.join(pages, page))) return [];
	const link = `/${page.replace(/\.md$/, '')}`;
	const folder = path.join(pages, link);
	const below = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.md')) : [];
	const items = below.toSorted().flatMap((name) => item(`${link.slice(1)}/${name}`));
	return [{ text: titleOf(page), link, ...(items.length > 0 && { collapsed: true, items }) }];
}

const begin = { text: 'coproc', items: [{ text: 'What it is', link: '/' }] };
const groups = Object.entries(chapters).map(([text, names]) => ({
	text,
	items: names.flatMap((/** @type {string} */ name) => item(`docs/${name}.md`)),
}));
const inside = {
	text: 'Look inside',
	items: ['architecture.md', 'examples.md', 'bench.md', 'contributing.md', 'security-policy.md', 'changelog.md'].flatMap(item),
};
const decisions = {
	text: 'Decisions',
	collapsed: true,
	items: readdirSync(path.join(pages, 'docs/decisions')).flatMap((name) => item(`docs/decisions/${name}`)),
};

export default {
	title: 'coproc',
	description: 'CPU work in other processes and threads, over shared memory, for Node.js',
	lang: 'en',
	base: process.env['DOCS_BASE'] ?? '/',
	srcDir: 'pages',
	outDir: 'dist',
	cacheDir: '.vitepress/cache',
	// Braces in a text are text: as attributes they would vanish.
	markdown: { attrs: { disable: true }, theme: { light: 'github-light', dark: 'github-dark' } },
	themeConfig: {
		nav: [
			{ text: 'Begin', link: '/docs/first-worker' },
			{ text: 'Errors', link: '/docs/errors' },
			{ text: 'Reference', link: '/reference/' },
		],
		sidebar: {
			'/reference/': referenceSidebar(),
			'/': [begin, ...groups, inside, decisions],
		},
		outline: [2, 3],
		search: { provider: 'local' },
		footer: { message: 'MIT License' },
	},
};

/** The reference by kind, as typedoc's folders have it; with several entries, each entry has its own kinds. */
function referenceSidebar() {
	const folder = path.join(pages, 'reference');
	if (!existsSync(folder)) return [];
	/** @type {Map<string, { text: string, link: string }[]>} */
	const kinds = new Map();
	const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.split(path.sep).join('/'));
	for (const name of names.filter((one) => one.endsWith('.md') && !/(^|\/)index\.md$/.test(one)).toSorted()) {
		const kind = path.posix.dirname(name);
		const items = kinds.get(kind) ?? [];
		items.push({ text: path.posix.basename(name, '.md'), link: `/reference/${name.replace(/\.md$/, '')}` });
		kinds.set(kind, items);
	}
	return [
		{
			text: 'Reference',
			items: [
				{ text: 'All names', link: '/reference/' },
				{ text: 'Back to the chapters', link: '/' },
			],
		},
		// The package itself first and open, then what is beside it.
		...[false, true].flatMap((isBeside) =>
			[...kinds]
				.filter(([text]) => text.split('/').length > 2 === isBeside)
				.map(([text, items]) => ({ text, collapsed: isBeside, items })),
		),
	];
}
