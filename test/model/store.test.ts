import { describe, expect, it, vi } from 'vitest';

import { catchStoreMutation, killAnywhere, loadStore, OPERATIONS, runAllOrders, STORE_MUTATIONS } from './store/checks.ts';

vi.setConfig({ testTimeout: 90_000 });

describe('the shipped store of mailboxes, whose participant is killed', () => {
	it.each(OPERATIONS)(
		'at any store of $what, has the state before or after it, loses no memory and blocks nobody',
		(operation) => {
			expect(killAnywhere(loadStore(), operation)).toBeGreaterThan(5);
		},
	);

	it('at any store, in every order of operations of two senders and two receivers, loses and repeats nothing', () => {
		const { orders, runs } = runAllOrders(loadStore(), { sends: 1, receives: 1, stride: 3 });
		expect(orders).toBe(24);
		expect(runs).toBeGreaterThan(300);
	});
});

describe('the explorer of the store', () => {
	it.each(STORE_MUTATIONS)('catches a store with this fault: $name', (mutation) => {
		expect(catchStoreMutation(mutation)).toBeDefined();
	});

	it('refuses a mutation whose text is not in the source', () => {
		expect(() => loadStore([{ file: 'journal.ts', from: 'not there', to: '' }])).toThrow('holds 0 times');
	});
});
