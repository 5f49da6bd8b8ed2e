import { expect, it } from 'vitest';

import { readFile } from '../support/tidy/source-file.ts';

const { text } = readFile('docs/platforms.md');

it.each([20, 22, 24, 26])('docs/platforms.md shows what was run on Node %i: `npm run matrix` puts it there', (line) => {
	const row = new RegExp(`^\\| ${line}\\.\\d+\\.\\d+ \\| [1-9]\\d* \\| \\d+ \\| \\d+ \\| works \\|$`, 'm');
	expect(text).toMatch(row);
});
