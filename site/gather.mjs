/*
 * Gathers the pages of the site: chapters, the documents of the project, and the files that they link to.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { notebookPage } from './notebook.mjs';

const { posix } = path;

/** Documents that are pages, and where they stand on the site; whatever else is linked to is shown as a file. */
const DOCUMENTS = {
	'README.md': 'index.md',
	'ARCHITECTURE.md': 'architecture.md',
	'CONTRIBUTING.md': 'contributing.md',
	'CHANGELOG.md': 'changelog.md',
	'SECURITY.md': 'security-policy.md',
	'examples/README.md': 'examples.md',
	'bench/README.md': 'bench.md',
	'site/README.md': 'site.md',
	'notebooks/README.md': 'docs/notebooks.md',
};

/** Languages of files that are shown. */
const LANGUAGES = { '.ts': 'ts', '.mjs': 'js', '.js': 'js', '.json': 'json', '.md': 'md', '.svg': 'xml' };
/** Longer files are shown from their beginning. */
const MAX_SHOWN = 60_000;

/**
 * Writes the pages into a folder and returns how many there are.
 *
 * @param {string} root of the repository
 * @param {string} pages where they go
 */
export function gatherPages(root, pages) {
	const site = new Site(root, pages);
	for (const [source, page] of Object.entries(DOCUMENTS)) if (existsSync(path.join(root, source))) site.add(source, page);
	for (const folder of ['docs', 'docs/decisions'])
		for (const name of readdirSync(path.join(root, folder)))
			if (name.endsWith('.md')) site.add(`${folder}/${name}`, posix.join('docs', posix.relative('docs', folder), name));
	for (const name of readdirSync(path.join(root, 'notebooks')))
		if (name.endsWith('.ipynb')) site.add(`notebooks/${name}`, `docs/notebooks/${path.parse(name).name}.md`);
	site.copyPictures('docs/pictures');
	return site.write();
}

/** A page without headings has no outline, so no room is kept for it. */
function withOutline(/** @type {string} */ text) {
	return /^## /m.test(text) ? text : `---\naside: false\n---\n\n${text}`;
}

class Site {
	#root;
	#pages;
	/** Page of each source file. @type {Map<string, string>} */
	#pageOf = new Map();
	/** Files to show that are no documents. @type {Set<string>} */
	#shown = new Set();

	/**
	 * @param {string} root
	 * @param {string} pages
	 */
	constructor(root, pages) {
		this.#root = root;
		this.#pages = pages;
	}

	/**
	 * @param {string} source
	 * @param {string} page
	 */
	add(source, page) {
		this.#pageOf.set(source, page);
	}

	copyPictures(/** @type {string} */ folder) {
		for (const name of readdirSync(path.join(this.#root, folder)))
			this.#put(posix.join(folder, name), readFileSync(path.join(this.#root, folder, name)));
	}

	write() {
		for (const [source, page] of this.#pageOf) this.#put(page, withOutline(this.#rewrite(source, page)));
		for (const source of this.#shown) this.#put(`source/${source}.md`, this.#show(source));
		return this.#pageOf.size + this.#shown.size;
	}

	/**
	 * The text of a document with its links led to pages. Fences and code spans are left as they are.
	 *
	 * @param {string} source
	 * @param {string} page
	 */
	#rewrite(source, page) {
		return this.#read(source, page)
			.split(/(^```[^]*?^```$)/m)
			.map((part) => (part.startsWith('```') ? part : this.#rewriteLinks(part, source, page)))
			.join('');
	}

	/** The text of a document, as Markdown. Pictures of a notebook go beside its page. @type {(source: string, page: string) => string} */
	#read(source, page) {
		const content = readFileSync(path.join(this.#root, source), 'utf8');
		if (!source.endsWith('.ipynb')) return content;
		const { text, pictures } = notebookPage(content, posix.basename(page, '.md'));
		for (const [name, svg] of pictures) this.#put(posix.join(posix.dirname(page), name), svg);
		return text;
	}

	/** @type {(text: string, source: string, page: string) => string} */
	#rewriteLinks(text, source, page) {
		return text.replace(
			/\]\(([^)\s#]+)(#[^)\s]*)?\)/g,
			(link, /** @type {string} */ href, /** @type {string | undefined} */ anchor) => {
				if (/^\w+:/.test(href)) return link;
				const target = posix.join(posix.dirname(source), href);
				const to = posix.relative(posix.dirname(page), this.#placeOf(target));
				return `](${to.startsWith('.') ? to : `./${to}`}${anchor ?? ''})`;
			},
		);
	}

	/** Where a file of the repository stands on the site. */
	#placeOf(/** @type {string} */ target) {
		const file = target.replace(/\/$/, '');
		const page = this.#pageOf.get(file) ?? this.#pageOf.get(`${file}/README.md`);
		if (page || file.startsWith('docs/pictures/')) return page ?? file;
		if (!existsSync(path.join(this.#root, file))) throw new Error(`a document links to ${file}, which is not there`);
		this.#shown.add(file);
		return `source/${file}.md`;
	}

	/** A page that shows a file, or lists a folder. */
	#show(/** @type {string} */ source) {
		const file = path.join(this.#root, source);
		if (statSync(file).isDirectory()) return this.#list(source);
		const text = readFileSync(file, 'utf8');
		const language = LANGUAGES[/** @type {keyof typeof LANGUAGES} */ (path.extname(source))] ?? 'text';
		const cut = text.length > MAX_SHOWN ? `\nThe first ${MAX_SHOWN} of ${text.length} characters.\n` : '';
		return `---\nsearch: false\n---\n\n# ${source}\n${cut}\n\`\`\`\`${language}\n${text.slice(0, MAX_SHOWN).trimEnd()}\n\`\`\`\`\n`;
	}

	#list(/** @type {string} */ folder) {
		const page = `source/${folder}.md`;
		const items = readdirSync(path.join(this.#root, folder)).map((name) => {
			const source = `${folder}/${name}`;
			const to = this.#pageOf.get(source);
			const title = to && /^# (.*)$/m.exec(readFileSync(path.join(this.#root, source), 'utf8'))?.[1];
			return to ? `- [${title ?? name}](${posix.relative(posix.dirname(page), to)})` : `- ${name}`;
		});
		return `# ${folder}\n\n${items.join('\n')}\n`;
	}

	/**
	 * @param {string} page
	 * @param {string | Buffer} content
	 */
	#put(page, content) {
		const file = path.join(this.#pages, page);
		mkdirSync(path.dirname(file), { recursive: true });
		writeFileSync(file, content);
	}
}
