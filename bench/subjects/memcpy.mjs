/*
 * What do the copies alone cost? A megabyte into shared memory and out again, twice, on one thread: what an echo cannot avoid.
 */
import { loadRingbuf } from '../harness/bundle-ringbuf.mjs';

const BYTES = 2 ** 20;

export function create({ isMapped, isNew = false }) {
	/** @type {Uint8Array} */
	let shared;
	/** @type {(() => void) | undefined} */
	let release;
	const kept = [new Uint8Array(BYTES), new Uint8Array(BYTES)];
	const copyOut = (index) => {
		const target = isNew ? new Uint8Array(BYTES) : kept[index];
		target.set(shared);
		return target;
	};
	return {
		isSynchronous: true,
		async start() {
			if (isMapped) ({ shared, release } = await mapMemory());
			else shared = new Uint8Array(new SharedArrayBuffer(BYTES));
		},
		echo(bytes) {
			shared.set(bytes);
			shared.set(copyOut(0));
			return copyOut(1);
		},
		async close() {
			release?.();
		},
	};
}

async function mapMemory() {
	const { createMappedRegion, loadLibc } = await loadRingbuf();
	const { libc, reason } = loadLibc();
	if (!libc) throw new Error(reason);
	const { region } = createMappedRegion(libc, BYTES);
	return { shared: region.data[0], release: () => region.release() };
}
