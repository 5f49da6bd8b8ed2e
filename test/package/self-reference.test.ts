import { createRequire } from 'node:module';

import { CoprocError } from 'coproc';
import { describe, expect, it } from 'vitest';

import { CoprocError as CoprocErrorOfSource } from '../../src/errors/index.ts';

describe("import 'coproc' in a test", () => {
	it('gives the built package as Node loads it, so that tests and workers share one copy', () => {
		const loadedByNode = createRequire(import.meta.url)('coproc') as typeof import('coproc');
		expect(CoprocError).toBe(loadedByNode.CoprocError);
	});

	it('gives another copy than src does: unit tests import from src, tests that start workers import the package', () => {
		expect(CoprocError).not.toBe(CoprocErrorOfSource);
		expect(new CoprocErrorOfSource('ERR_COPROC_TIMEOUT', 'from src')).toBeInstanceOf(CoprocError);
	});
});
