import { expect, it } from 'vitest';

import { turmoil } from './turmoil.ts';

it.each(['process', 'thread'] as const)(
	'a pool of four, backend %s, settles each call once under 1,000 kills, aborts and timeouts, serves afterwards, and leaves nothing',
	async (backend) => {
		const outcomes = await turmoil({ backend, harms: 1000, seed: Number(process.env['SEED'] ?? 1) });
		console.info(`outcomes of ${backend}: ${JSON.stringify(outcomes)}`);
		for (const outcome of ['answered', 'aborted', 'TimeoutError', 'WorkerExitedError'])
			expect(outcomes[outcome]).toBeGreaterThan(50);
	},
);
