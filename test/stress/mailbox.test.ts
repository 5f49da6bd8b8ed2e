import { setTags } from 'coproc/mailbox';
import { beforeEach, describe, expect, it } from 'vitest';

import { checkCompetition, checkOrder, type Kind, MIXED } from '../mailbox/support/crowds.ts';
import { loadStore, runAllOrders } from '../model/store/checks.ts';

/* The sizes that test/mailbox/crowds.test.ts runs small. */

beforeEach(() => setTags([]));

const CROWDS: readonly (readonly [string, readonly Kind[]])[] = [
	['threads', ['thread']],
	['processes', ['process']],
	['threads and processes', ['thread', 'process']],
	['threads, processes and processes that have only the pipe', MIXED],
];

describe.each(CROWDS)('%s', (_what, kinds) => {
	it('keep the order of 100,000 messages from each of 8 producers', async () => {
		await checkOrder(kinds, 8, 100_000);
	});

	it('take each of 100,000 messages once', async () => {
		await checkCompetition(kinds, 8, 100_000);
	});
});

it('the store loses and repeats nothing in every order of more operations', () => {
	expect(runAllOrders(loadStore(), { sends: 2, receives: 1, stride: 1 }).orders).toBe(180);
});
