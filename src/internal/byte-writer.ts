/** The memory a {@link ByteWriter} starts with when nobody lends it any, in bytes. */
const SCRATCH_BYTES = 64 * 1024;

/**
 * Memory larger than this is not kept for the next message, in bytes. What is kept saves more than the allocation: the first
 * touch of each fresh page costs as much as copying a dozen of them.
 */
const KEPT_BYTES = 4 * 1024 * 1024;

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * A write position in borrowed memory that moves to memory of its own when the loan is too small.
 *
 * A transport lends it the free part of a ring; an encoder writes without asking how long the value will be. What fits is
 * already where it has to go; what does not has moved to scratch memory, and {@link ByteWriter.isBorrowed} tells which.
 */
export class ByteWriter {
	/** The memory being written: the loan, or scratch memory after {@link ensure} had to move. */
	buf: Buffer;
	/** Offset in `buf` of the first byte written. */
	start = 0;
	/** Offset in `buf` of the next byte to write. */
	pos = 0;
	/** Offset in `buf` after the last byte that may be written. */
	end = 0;
	/** True while `buf` is the memory lent by {@link borrow}. */
	isBorrowed = false;
	/** Foreign memory that follows what was written, not copied before somebody has to. */
	tail: Uint8Array | undefined;
	/** What `end` was before a tail took all the room. */
	#end = 0;
	#scratch: Buffer = NOTHING;
	/** Memory that came back, for the next message that is too large for the scratch. */
	#spare: Buffer = NOTHING;
	/** What {@link take} gave away whole; a copy may lie in memory that Node shares out. */
	readonly #handedOver = new WeakSet<ArrayBufferLike>();

	constructor() {
		this.buf = this.#scratch;
	}

	/** Starts over in memory lent by the caller: bytes `start` to `end` of `buf`. `start` should be 16-byte aligned. */
	borrow(buf: Buffer, start: number, end: number): void {
		this.buf = buf;
		this.start = this.pos = start;
		this.end = end;
		this.isBorrowed = true;
		this.tail = undefined;
	}

	/** Starts over in scratch memory of its own. */
	own(): void {
		if (this.#scratch.length === 0 || this.#scratch.length > KEPT_BYTES) this.#scratch = newScratch(SCRATCH_BYTES);
		this.buf = this.#scratch;
		this.start = this.pos = 0;
		this.end = this.#scratch.length;
		this.isBorrowed = false;
		this.tail = undefined;
	}

	/** Makes room for `bytes` more, moving what has been written so far when the memory at hand is too small. */
	ensure(bytes: number): void {
		if (this.end - this.pos < bytes) this.#move(bytes);
	}

	/** Number of bytes written since the start, with the tail. */
	get length(): number {
		return this.pos - this.start + (this.tail === undefined ? 0 : this.tail.length);
	}

	/** Lets `bytes` follow what was written, without a copy for now. Whoever writes on copies them first. */
	follow(bytes: Uint8Array): void {
		this.tail = bytes;
		this.#end = this.end;
		this.end = this.pos;
	}

	/** Copies the tail, if there is one, behind what was written. */
	absorb(): void {
		const { tail } = this;
		if (!tail) return;
		this.tail = undefined;
		this.end = this.#end;
		this.ensure(tail.length);
		this.buf.set(tail, this.pos);
		this.pos += tail.length;
	}

	/** Takes what was written as memory that stays valid: scratch memory changes hands, a loan is copied. */
	take(): Buffer {
		this.absorb();
		const written = this.buf.subarray(this.start, this.pos);
		// Copy when small or lent: handing over a whole scratch block for a few bytes would waste the rest.
		if (this.isBorrowed || written.length < this.buf.length / 2) {
			const copy = Buffer.allocUnsafe(written.length);
			copy.set(written);
			return copy;
		}
		this.#scratch = NOTHING;
		this.#handedOver.add(written.buffer);
		return written;
	}

	/** Takes what was written as memory that belongs to nobody else, so that it can change hands. */
	detach(): Uint8Array<ArrayBuffer> {
		const { length, tail } = this;
		if (!tail && !this.isBorrowed && length >= this.buf.length / 2) {
			const written = this.buf.subarray(this.start, this.pos) as Uint8Array<ArrayBuffer>;
			this.#scratch = NOTHING;
			return written;
		}
		const memory = newScratch(length) as Uint8Array<ArrayBuffer>;
		memory.set(this.buf.subarray(this.start, this.pos));
		if (tail) memory.set(tail, this.pos - this.start);
		this.tail = undefined;
		return memory;
	}

	/** Takes back memory of {@link take} that nobody reads any more. */
	giveBack(memory: Uint8Array): void {
		const { buffer } = memory;
		if (buffer.byteLength > KEPT_BYTES || buffer.byteLength <= this.#spare.length || !this.#handedOver.delete(buffer)) return;
		this.#spare = Buffer.from(buffer);
	}

	#move(bytes: number): void {
		if (this.tail) {
			this.absorb();
			return this.ensure(bytes);
		}
		const written = this.pos - this.start;
		const next = this.#allocate(written + bytes, written > 0);
		next.set(this.buf.subarray(this.start, this.pos), 0);
		this.buf = this.#scratch = next;
		this.start = 0;
		this.pos = written;
		this.end = next.length;
		this.isBorrowed = false;
	}

	#allocate(bytes: number, isGrowing: boolean): Buffer {
		const spare = this.#spare;
		if (spare.length < bytes) return newScratch(Math.max(SCRATCH_BYTES, isGrowing ? bytes * 2 : bytes));
		this.#spare = NOTHING;
		return spare;
	}
}

/** Memory outside Node's shared pool, so that it starts aligned and may be handed over whole. */
function newScratch(bytes: number): Buffer {
	return Buffer.allocUnsafeSlow(bytes);
}
