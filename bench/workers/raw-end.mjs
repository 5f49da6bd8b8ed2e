/*
 * How is a ring used with nothing above it? Records of 32 bytes, written in place; both sides spin.
 */

/** What a record is, in w1: the index of its handler. */
export const CALL = 0;
export const POST = 1;
export const POSTED = 2;
export const REST = 3;

const PAYLOAD_BYTES = 32;
const PAYLOAD_WORDS = PAYLOAD_BYTES / 4;
/** Without an answer for so long, in milliseconds, the other side is taken for dead. */
const DEAD_MS = 5000;
/** Looks between two looks at the clock. */
const LOOKS = 100_000;

/** @typedef {((a: number, b: number) => void)[]} Handlers Called with the first word and the number behind it. */

export class RawEnd {
	#writer;
	#reader;
	#words;
	#incoming;
	#batch;
	#handlers;
	#unpublished = 0;
	#scratch = new Int32Array(PAYLOAD_WORDS);
	#scratchBytes = new Uint8Array(this.#scratch.buffer);

	/**
	 * @param {object} ringbuf The bundled module.
	 * @param {object} region
	 * @param {{ side: 0 | 1, handlers: Handlers, batch?: number }} options Side 0 is the host; `batch` records are published at once.
	 */
	constructor({ RingWriter, RingReader, RING_CONTROL_INDEX }, region, { side, handlers, batch = 1 }) {
		const { control, data } = region;
		const peer = side === 0 ? 1 : 0;
		this.#writer = new RingWriter(control, RING_CONTROL_INDEX[side], data[side]);
		this.#reader = new RingReader(control, RING_CONTROL_INDEX[peer], data[peer]);
		this.#words = wordsOf(data[side]);
		this.#incoming = wordsOf(data[peer]);
		this.#handlers = handlers;
		this.#batch = batch;
	}

	/** Writes a record; publishes it when the batch is full, or at once when it is no post. */
	send(kind, a, b) {
		if (this.#writer.claim(PAYLOAD_BYTES) >= PAYLOAD_BYTES) {
			fill(this.#words, this.#writer.claimed >> 2, a, b);
			this.#writer.commit(PAYLOAD_BYTES, kind, 0, 0);
		} else {
			this.#sendAtEnd(kind, a, b);
		}
		this.#unpublished += 1;
		if (kind !== POST || this.#unpublished >= this.#batch) this.#publish();
	}

	/** Takes in what is there. */
	take() {
		this.#reader.read(this, 256);
		this.#reader.release();
	}

	/** Spins until `isDone`. Throws when the other side seems to be dead. */
	spin(isDone) {
		let limit;
		for (let looks = 1; !isDone(); looks += 1) {
			this.take();
			if (looks % LOOKS !== 0) continue;
			limit ??= performance.now() + DEAD_MS;
			if (performance.now() > limit) throw new Error(`the other side has not answered for ${DEAD_MS} ms`);
		}
	}

	/** Called by the reader for each record. */
	// oxlint-disable-next-line max-params -- words one by one, as the ring hands them out
	onRecord(w1, _w2, _w3, _buf, start) {
		const word = start >> 2;
		const low = this.#incoming[word + 1] >>> 0;
		this.#handlers[w1](this.#incoming[word], this.#incoming[word + 2] * 2 ** 32 + low);
	}

	/** The ring is full, or a record does not fit before its end. */
	#sendAtEnd(kind, a, b) {
		fill(this.#scratch, 0, a, b);
		const write = () => this.#writer.tryWrite(kind, 0, 0, this.#scratchBytes);
		if (write()) return;
		this.#publish();
		this.spin(write);
	}

	#publish() {
		this.#unpublished = 0;
		this.#writer.publish();
	}
}

function wordsOf(data) {
	return new Int32Array(data.buffer, data.byteOffset, data.length / 4);
}

/** Fills a payload: `a`, then `b` in two words, for a sum outgrows 32 bits. */
function fill(words, start, a, b) {
	for (let i = 0; i < PAYLOAD_WORDS; i += 1) words[start + i] = a;
	words[start + 1] = b;
	words[start + 2] = Math.floor(b / 2 ** 32);
}
