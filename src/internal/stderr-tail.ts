/** Bytes of stderr that are kept of a thread. */
const TAIL_BYTES = 8 * 1024;
/** Lines of stderr that an exit tells. */
const TAIL_LINES = 20;

/** The last bytes that a worker thread wrote to stderr, in shared memory: they outlive the thread, however it ends. */
export class SharedTail {
	readonly memory: SharedArrayBuffer;
	readonly #written: Int32Array;
	readonly #bytes: Uint8Array;

	constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(4 + TAIL_BYTES)) {
		this.memory = memory;
		this.#written = new Int32Array(memory, 0, 1);
		this.#bytes = new Uint8Array(memory, 4, TAIL_BYTES);
	}

	/** Worker: adds what it writes. */
	write(chunk: Uint8Array): void {
		const kept = chunk.subarray(Math.max(0, chunk.length - TAIL_BYTES));
		// Only this thread writes the counter; pairs with the load in text(), which may run while this thread is being ended.
		const at = Atomics.load(this.#written, 0) + (chunk.length - kept.length);
		for (let index = 0; index < kept.length; index += 1) this.#bytes[(at + index) % TAIL_BYTES] = kept[index] as number;
		// Publishes the bytes: pairs with the load in text().
		Atomics.store(this.#written, 0, (at + kept.length) & 0x3fffffff);
	}

	/** Host: the last lines. */
	text(): string {
		// Pairs with the store in write().
		const written = Atomics.load(this.#written, 0);
		const length = Math.min(written, TAIL_BYTES);
		const bytes = Buffer.from(
			Array.from({ length }, (_, index) => this.#bytes[(written - length + index) % TAIL_BYTES] as number),
		);
		return lastLines(bytes.toString());
	}
}

/** The last lines of a process's stderr, as its pipe brings them. */
export class PipedTail {
	#text = '';

	/** Adds what was read. */
	write(chunk: Uint8Array): void {
		this.#text = (this.#text + Buffer.from(chunk).toString()).slice(-TAIL_BYTES);
	}

	/** The last lines. */
	text(): string {
		return lastLines(this.#text);
	}
}

function lastLines(text: string): string {
	return text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
}
