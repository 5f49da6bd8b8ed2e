import type { Address } from '../../internal/libc.ts';
import type { TreeMemory } from '../../internal/tree-memory.ts';
import type { Lock } from '../store/index.ts';
import { Nap } from './nap.ts';

/** Tries before a thread gives way: an operation takes about a microsecond, if its thread runs. */
const TRIES = 20;
/** Tries before a thread naps. */
const PATIENT_TRIES = 200;

/** The lock of a store that processes share: a robust mutex, which the kernel gives back when a thread dies with it. */
export class MutexLock implements Lock {
	readonly #memory: TreeMemory;
	readonly #address: Address;
	readonly #nap = new Nap();

	constructor(memory: TreeMemory, address: Address) {
		this.#memory = memory;
		this.#address = address;
	}

	/** Only tries, and naps in between: a thread that waited in the C library could not be terminated. */
	acquire(): boolean {
		for (let tries = 0; ; tries += 1) {
			const result = this.#memory.tryLock(this.#address);
			if (result !== 'busy') {
				this.#nap.reset();
				return result === 'recovered';
			}
			if (tries >= PATIENT_TRIES) this.#nap.take();
			// Whoever is woken runs first, often in the place of the one who has the lock and rings.
			else if (tries >= TRIES) this.#memory.giveWay();
		}
	}

	release(): void {
		this.#memory.unlock(this.#address);
	}
}
