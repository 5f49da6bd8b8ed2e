/*
 * Ways to break the shipped ring, each of which the explorer must notice: it keeps the explorer honest. An edit whose text is
 * not in the source any more is an error, so a change to the ring shows here.
 */
import type { Edit } from './shipped.ts';

export interface Mutation {
	readonly name: string;
	readonly edits: readonly Edit[];
}

const writer = (from: string, to: string): Edit => ({ file: 'ring-writer.ts', from, to });
const reader = (from: string, to: string): Edit => ({ file: 'ring-reader.ts', from, to });
const record = (from: string, to: string): Edit => ({ file: 'record.ts', from, to });

const STORE_TAIL = 'Atomics.store(this.#control, this.#base + TAIL, this.#tail);';
const STORE_HEAD = 'Atomics.store(this.#control, this.#base + HEAD, this.#head);';
const STORE_PWAIT = 'Atomics.store(this.#control, this.#base + PWAIT, kind);';
const STORE_CWAIT = 'Atomics.store(this.#control, this.#base + CWAIT, kind);';
const SET_CLOSED = 'Atomics.or(this.#control, this.#base + STATE, STATE_CLOSED);';
const EXCHANGE_PWAIT = 'Atomics.exchange(this.#control, this.#base + PWAIT, AWAKE)';
const EXCHANGE_FLAG = 'Atomics.exchange(this.#control, this.#base + flag, AWAKE)';
const IS_FULL = 'if (this.#capacity - ((this.#tail - this.#headCache) | 0) < need + skip) return false;';

export const MUTATIONS: readonly Mutation[] = [
	// Space.
	{
		name: 'PAD one header too late',
		edits: [writer('const skip = rest < need ? rest : 0;', 'const skip = rest + 16 < need ? rest : 0;')],
	},
	{
		name: 'PAD bytes not counted as used',
		edits: [
			writer(
				'if (this.#capacity - ((this.#tail - this.#headCache) | 0) < need + skip) {',
				'if (this.#capacity - ((this.#tail - this.#headCache) | 0) < need) {',
			),
			writer(IS_FULL, IS_FULL.replace(' + skip', '')),
		],
	},
	{
		name: 'PAD skipped by the reader as a bare header',
		edits: [reader('this.#head = (this.#head + rest) | 0;', 'this.#head = (this.#head + 16) | 0;')],
	},
	{ name: 'PAD not counted while waiting for room', edits: [writer('>= need + (rest < need ? rest : 0);', '>= need;')] },
	{
		name: 'room checked without the header',
		edits: [record('(payloadBytes + RECORD_HEADER_BYTES + 15) & ~15', '(payloadBytes + 15) & ~15')],
	},
	{
		name: 'claim lends one header too much',
		edits: [writer('this.maxPayload + RECORD_HEADER_BYTES) - RECORD_HEADER_BYTES;', 'this.maxPayload + RECORD_HEADER_BYTES);')],
	},
	{ name: 'full one header too late', edits: [writer(IS_FULL, IS_FULL.replace('need + skip', 'need + skip - 16'))] },
	// Order of the payload, TAIL and HEAD.
	{
		name: 'TAIL stored before the payload',
		edits: [
			writer(
				'this.data.set(payload,',
				'Atomics.store(this.#control, this.#base + TAIL, (this.#tail + need) | 0); Atomics.load(this.#control, this.#base + TAIL); this.data.set(payload,',
			),
		],
	},
	{ name: 'TAIL never stored', edits: [writer(STORE_TAIL, '')] },
	{
		name: 'memory given back before the record was read',
		edits: [reader('count += 1;', 'count += 1; Atomics.store(this.#control, this.#base + HEAD, this.#head);')],
	},
	{
		name: 'memory given back that was not read',
		edits: [reader(STORE_HEAD, `const seen = this.#loadTail(); ${STORE_HEAD.replace('this.#head)', 'seen)')}`)],
	},
	{ name: 'memory never given back', edits: [reader(STORE_HEAD, '')] },
	{
		name: 'record read twice when the limit is met',
		edits: [reader('this.#head = (this.#head + bytes) | 0;', 'if (count + 1 < limit) this.#head = (this.#head + bytes) | 0;')],
	},
	{
		name: 'records left by a read that stopped early forgotten',
		edits: [reader('this.isBehind = this.#head !== tail;', 'this.isBehind = count === limit;')],
	},
	// Positions that wrap.
	{
		name: 'distance to TAIL without the wrap',
		edits: [reader('const waiting = (tail - this.#head) | 0;', 'const waiting = tail - this.#head;')],
	},
	{
		name: 'distance to HEAD without the wrap',
		edits: [writer('const used = (this.#tail - head) | 0;', 'const used = this.#tail - head;')],
	},
	{
		name: 'tail kept without the wrap',
		edits: [
			writer(
				'this.#tail = (this.#tail + recordBytes(payloadBytes)) | 0;',
				'this.#tail = Math.abs(this.#tail + recordBytes(payloadBytes));',
			),
		],
	},
	// Sleeps of the consumer.
	{
		name: 'consumer does not look again',
		edits: [reader('if (this.#loadTail() !== this.#head) {', 'if (this.#head === undefined) {')],
	},
	{
		name: 'consumer looks first and announces second',
		edits: [reader(STORE_CWAIT, ''), reader('this.#control[this.#base + SLEEPS]! += 1;', STORE_CWAIT)],
	},
	{ name: 'consumer never announces', edits: [reader(STORE_CWAIT, '')] },
	{
		name: 'flag read before TAIL is stored',
		edits: [
			writer(`${STORE_TAIL}\n\t\treturn this.#take(CWAIT);`, `const kind = this.#take(CWAIT);\n${STORE_TAIL}\nreturn kind;`),
		],
	},
	{
		name: 'CWAIT read but not taken',
		edits: [writer(EXCHANGE_FLAG, EXCHANGE_FLAG.replace('exchange', 'load').replace(', AWAKE', ''))],
	},
	{ name: 'CWAIT read by a plain read and not taken', edits: [writer(EXCHANGE_FLAG, 'this.#control[this.#base + flag]')] },
	{
		name: 'producer looks at the wrong flag',
		edits: [writer('this.#published = this.#tail;\n', 'this.#published = this.#tail;\n const CWAIT = PWAIT;\n')],
	},
	{
		name: 'close looks at CWAIT before it sets STATE',
		edits: [
			writer(`${SET_CLOSED}\n\t\treturn this.#take(CWAIT);`, `const kind = this.#take(CWAIT);\n${SET_CLOSED}\nreturn kind;`),
		],
	},
	{ name: 'close rings nobody', edits: [writer(`${SET_CLOSED}\n\t\treturn this.#take(CWAIT);`, `${SET_CLOSED}\nreturn AWAKE;`)] },
	// Sleeps of the producer.
	{ name: 'producer does not look again', edits: [writer('if (!this.#hasRoom(payloadBytes)) return true;', 'return true;')] },
	{
		name: 'producer looks first and announces second',
		edits: [
			writer(STORE_PWAIT, ''),
			writer(
				'if (!this.#hasRoom(payloadBytes)) return true;',
				`if (!this.#hasRoom(payloadBytes)) { ${STORE_PWAIT} return true; }`,
			),
		],
	},
	{
		name: 'producer looks again at an old HEAD',
		edits: [writer(`${STORE_PWAIT}\n\t\tthis.#headCache = this.#loadHead();`, STORE_PWAIT)],
	},
	{
		name: 'flag read before HEAD is stored',
		edits: [
			reader(STORE_HEAD, `const flag = Atomics.load(this.#control, this.#base + PWAIT);\n${STORE_HEAD}`),
			reader('if (Atomics.load(this.#control, this.#base + PWAIT) === AWAKE) return AWAKE;', 'if (flag === AWAKE) return AWAKE;'),
		],
	},
	{
		name: 'PWAIT read but not taken',
		edits: [reader(EXCHANGE_PWAIT, EXCHANGE_PWAIT.replace('exchange', 'load').replace(', AWAKE', ''))],
	},
	{ name: 'release rings nobody', edits: [reader(`return ${EXCHANGE_PWAIT} as SleepKind;`, `${EXCHANGE_PWAIT}; return AWAKE;`)] },
	{ name: 'kind of sleep forgotten', edits: [reader(`return ${EXCHANGE_PWAIT} as SleepKind;`, `${EXCHANGE_PWAIT}; return 1;`)] },
];
