import { readdirSync, readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it.each([
	['js', 'examples/actors'],
	['ts', 'examples/typescript'],
])('docs/actors.md quotes lines of the examples in %s, which another test runs', (language, folder) => {
	const files = readdirSync(new URL(`../../${folder}`, import.meta.url));
	const programs = new Set(files.flatMap((file) => read(`${folder}/${file}`).split('\n')));
	const blocks = [...read('docs/actors.md').matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))];
	const lines = blocks.flatMap(([, block]) => String(block).trimEnd().split('\n'));
	expect(lines.length).toBeGreaterThan(3);
	expect(lines.filter((line) => !programs.has(line))).toEqual([]);
});
