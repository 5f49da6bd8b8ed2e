import { beforeEach, describe, expect, it, vi } from 'vitest';

import { send, setTags } from 'coproc/mailbox';

import { checkCompetition, checkOrder, MIXED, startOffice, type Kind } from './support/crowds.ts';
import { fastRoundTrip } from './support/wake-up.ts';

/* Many at once. `npm run stress` runs the same with 100,000 messages from each producer. */

vi.setConfig({ testTimeout: 90_000 });

beforeEach(() => setTags([]));

const CROWDS: readonly (readonly [string, readonly Kind[]])[] = [
	['threads', ['thread']],
	['processes', ['process']],
	['threads, processes and processes that have only the pipe', MIXED],
];

describe.each(CROWDS)('%s', (_what, kinds) => {
	it('keep the order of each of 8 producers, through one receiver', async () => {
		await checkOrder(kinds, 8, 2500);
	});

	it('take each message once, who ever competes for it', async () => {
		await checkCompetition(kinds, 6, 3000);
	});
});

describe.each(['thread', 'process'] as const)('a %s that waits for 16 idle tags and another one', (kind) => {
	it.each(['echo', 'echoBlocking'])('is woken in microseconds, not in milliseconds: %s', async (name) => {
		const idle = Array.from({ length: 16 }, (_, index) => `idle ${index}`);
		await using worker = await startOffice(kind, name, [...idle, 'busy'], 'back');
		expect(await fastRoundTrip('busy', 'back', 300)).toBeLessThan(1);
		send('busy', 'stop');
		await worker.exited;
	});
});
