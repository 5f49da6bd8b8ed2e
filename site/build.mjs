/*
 * Builds the documentation site into site/dist: gathers the pages, makes the reference, renders, and follows every link.
 *
 * `--serve` shows it afterwards. Fails for a link that leads nowhere.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { checkLinks } from './check-links.mjs';
import { gatherPages } from './gather.mjs';

const site = fileURLToPath(new URL('.', import.meta.url));
const root = path.join(site, '..');
const pages = path.join(site, 'pages');
const dist = path.join(site, 'dist');
const base = process.env['DOCS_BASE'] ?? '/';

if (!existsSync(path.join(site, 'node_modules/.package-lock.json'))) {
	console.log('installing the tools of the site (npm ci --prefix site)');
	const args = ['ci', '--prefix', site, '--no-audit', '--no-fund', '--ignore-scripts'];
	execFileSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
}
rmSync(pages, { recursive: true, force: true });
console.log(`${gatherPages(root, pages)} pages and shown files`);
const { makeReference } = await import('./reference.mjs');
await makeReference(root, path.join(pages, 'reference'));
const { build, serve } = await import('vitepress');
await build(site);
const { pages: count, followed, broken } = checkLinks(dist, base);
for (const problem of broken) console.error(problem);
console.log(`${count} pages, ${followed} links followed, ${broken.length} broken`);
if (broken.length > 0 || followed === 0) process.exitCode = 1;
else if (process.argv.includes('--serve')) await serve({ root: site, base });
