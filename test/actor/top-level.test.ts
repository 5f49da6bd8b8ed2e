import { Bridge } from 'coproc/actor';
import { beforeAll, describe, expect, it } from 'vitest';

import { Knowing, Next } from '../fixtures/actor/top-level.js';
import { expectNothingLeftSince, holdings } from '../support/leftovers.ts';

const module = new URL('../fixtures/actor/top-level.js', import.meta.url);

// What the tree keeps until the program ends is made by its first worker.
beforeAll(async () => {
	const { process } = Knowing.spawnOn({ kind: 'process', module });
	process.terminate();
	await process.wait();
});

describe.each(['thread', 'process'] as const)('an actor on a %s', (kind) => {
	it('has a module that asks an actor while it is loaded', { timeout: 60_000 }, async () => {
		const before = holdings();
		const bridge = new Bridge();
		const knowing = Knowing.spawnOn({ kind, module });
		await expect(bridge.call(knowing, new Next(1), 50_000)).resolves.toEqual([42, 1]);
		knowing.process.terminate();
		await expect(knowing.process.wait({ timeout: 50_000 })).resolves.toBe(true);
		expect(knowing.process.error).toBeUndefined();
		await expectNothingLeftSince(before);
	});
});
