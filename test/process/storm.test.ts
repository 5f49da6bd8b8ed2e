import { whereis } from 'coproc/process';
import { describe, expect, it } from 'vitest';

import { endsEverything, endOf } from './support/kinds.ts';
import { allUp, expectGivenUp, plant, storm } from './support/storm.ts';

/** Every restart of a worker takes its time where others keep the machine busy. */
const LONG = 180_000;

endsEverything();

describe('a tree of supervisors over all kinds', () => {
	it(
		'comes back to its full strength whoever is killed, and leaves nobody',
		async () => {
			const { root, to } = await plant(1000);
			expect(await storm(to, (kills) => kills < 8)).toBe(8);
			root.terminate();
			expect(await endOf(root)).toBe(undefined);
		},
		LONG,
	);

	it(
		'gives up when its intensity says so, and leaves nobody',
		async () => {
			const { root, to } = await plant(2);
			for (let kills = 0; kills < 3; kills += 1) {
				await allUp(to);
				const victim = await whereis('a');
				process.kill(victim?.pid as number, 'SIGKILL');
				await victim?.wait();
			}
			await expectGivenUp(root, to);
		},
		LONG,
	);
});
