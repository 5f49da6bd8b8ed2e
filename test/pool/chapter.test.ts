import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('docs/pools.md quotes lines of the example, which another test runs', () => {
	const program = new Set(read('examples/pools/pools.mjs').split('\n'));
	const blocks = [...read('docs/pools.md').matchAll(/^```js\n([^]*?)^```$/gm)].map(([, block]) => String(block));
	const lines = blocks.flatMap((block) => block.trimEnd().split('\n'));
	expect(lines.length).toBeGreaterThan(5);
	expect(lines.filter((line) => !program.has(line))).toEqual([]);
});
