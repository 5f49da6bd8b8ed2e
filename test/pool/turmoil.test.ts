import { expect, it } from 'vitest';

import { turmoil } from '../stress/turmoil.ts';
import { describeBothBackends } from './support/with-pool.ts';

// `npm run stress` does it 1,000 times: test/stress/pool.test.ts.
describeBothBackends('a pool of four', (backend) => {
	it('settles each call once under kills, aborts and timeouts, serves afterwards, and leaves nothing', {
		timeout: 60_000,
	}, async () => {
		const outcomes = await turmoil({ backend, harms: 45, seed: 7 });
		expect(outcomes).toMatchObject({ answered: expect.any(Number), TimeoutError: expect.any(Number) });
	});
});
