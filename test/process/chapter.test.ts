import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('docs/processes.md quotes lines of the examples, which another test runs', () => {
	const names = ['quickstart', 'patterns', 'supervised-pool'];
	const program = new Set(names.flatMap((name) => read(`examples/processes/${name}.mjs`).split('\n')));
	const blocks = [...read('docs/processes.md').matchAll(/^```js\n([^]*?)^```$/gm)].map(([, block]) => String(block));
	const lines = blocks.flatMap((block) => block.trimEnd().split('\n'));
	expect(lines.length).toBeGreaterThan(10);
	expect(lines.filter((line) => !program.has(line))).toEqual([]);
});
