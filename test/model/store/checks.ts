/*
 * What the explorer of the store is asked: that the shipped one fails nowhere, and that every broken one fails somewhere.
 */
import { killAnywhere, OPERATIONS } from './deaths.ts';
import { STORE_MUTATIONS, type StoreMutation } from './mutations.ts';
import { runAllOrders } from './orders.ts';
import { loadStore } from './shipped-store.ts';

export { killAnywhere, loadStore, OPERATIONS, runAllOrders, STORE_MUTATIONS };

/** How a store with one thing broken was caught; undefined when nothing notices. */
export function catchStoreMutation({ edits }: StoreMutation): string | undefined {
	const store = loadStore(edits);
	for (const operation of OPERATIONS) {
		try {
			killAnywhere(store, operation);
		} catch (error) {
			return `${operation.what}: ${(error as Error).message}`;
		}
	}
	try {
		runAllOrders(store, { sends: 1, receives: 1, stride: 1 });
	} catch (error) {
		return `orders: ${(error as Error).message}`;
	}
	return undefined;
}
