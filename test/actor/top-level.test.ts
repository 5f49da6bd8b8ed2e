import { Bridge } from 'coproc/actor';
import { expect, it } from 'vitest';

import { Knowing, Next } from '../fixtures/actor/top-level.js';

const module = new URL('../fixtures/actor/top-level.js', import.meta.url);

it.each(['thread', 'process'] as const)(
	'an actor in a worker has a module that asks an actor while it is loaded: %s',
	async (kind) => {
		const bridge = new Bridge();
		const knowing = Knowing.spawnOn({ kind, module });
		await expect(bridge.call(knowing, new Next(1), 60_000)).resolves.toEqual([42, 1]);
		knowing.process.terminate();
		await expect(knowing.process.wait({ timeout: 60_000 })).resolves.toBe(true);
		expect(knowing.process.error).toBeUndefined();
	},
);
