import { describe, expect, it } from 'vitest';

import { endOf, endsEverything } from '../process/support/kinds.ts';
import { plant, storm } from '../process/support/storm.ts';

endsEverything();

describe('a tree of supervisors over all kinds', () => {
	it('comes back to its full strength for a minute of kills, and leaves nobody', async () => {
		const { root, to } = await plant(100_000);
		const until = performance.now() + 60_000;
		const kills = await storm(to, () => performance.now() < until);
		console.info(`${kills} kills in a minute`);
		expect(kills).toBeGreaterThan(20);
		root.terminate();
		expect(await endOf(root)).toBe(undefined);
	});
});
