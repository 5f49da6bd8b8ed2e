/*
 * Follows every link of the built site: to a page, a picture or a heading that is there. Nothing is asked of the network.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Returns a sentence for each link that leads nowhere, and how many were followed.
 *
 * @param {string} dist
 * @param {string} base
 */
export function checkLinks(dist, base) {
	const pages = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
		(name) => name.endsWith('.html') && name !== '404.html',
	);
	/** @type {Map<string, Set<string>>} */
	const anchors = new Map(pages.map((page) => [page, anchorsOf(path.join(dist, page))]));
	/** @type {string[]} */
	const broken = [];
	let followed = 0;
	for (const page of pages) {
		for (const href of linksOf(path.join(dist, page))) {
			if (/^[a-z][a-z+.-]*:/i.test(href)) continue;
			followed += 1;
			const problem = follow(href, { page, dist, base, anchors });
			if (problem) broken.push(`${page}: ${href} ${problem}`);
		}
	}
	return { pages: pages.length, followed, broken };
}

/** @type {(href: string, site: { page: string, dist: string, base: string, anchors: Map<string, Set<string>> }) => string | undefined} */
function follow(href, { page, dist, base, anchors }) {
	const url = new URL(href, `http://site${base}${page.split(path.sep).join('/')}`);
	if (!url.pathname.startsWith(base)) return 'leads out of the site';
	let file = decodeURIComponent(url.pathname.slice(base.length)) || 'index.html';
	if (file.endsWith('/')) file += 'index.html';
	if (!path.extname(file) && existsSync(path.join(dist, `${file}.html`))) file += '.html';
	if (!existsSync(path.join(dist, file))) return `leads to ${file}, which is not there`;
	const anchor = decodeURIComponent(url.hash.slice(1));
	if (anchor && anchors.has(file) && !anchors.get(file)?.has(anchor)) return `leads to a heading that is not there`;
	return undefined;
}

/** @returns {string[]} */
function linksOf(/** @type {string} */ file) {
	const html = readFileSync(file, 'utf8');
	return [...html.matchAll(/<(?:a|link|img|script)\b[^>]*?\s(?:href|src)="([^"]*)"/g)].map(([, href = '']) =>
		href.replaceAll('&amp;', '&'),
	);
}

function anchorsOf(/** @type {string} */ file) {
	return new Set([...readFileSync(file, 'utf8').matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id.replaceAll('&amp;', '&')));
}
