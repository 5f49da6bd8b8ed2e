/*
 * The ring as it is shipped, loaded from its source for the explorer, as it stands or with one thing broken.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { ProtocolError } from '../../../src/errors/index.ts';
import type { SleepKind } from '../../../src/ringbuf/index.ts';
import { atomics, type ShippedAtomics } from './machine.ts';
import { countAtomics, type Rewritten, rewrite } from './rewrite.ts';
import type { Steps } from './scheduler.ts';

/** In the order of their imports. */
const FILES = ['layout.ts', 'record.ts', 'ring-reader.ts', 'ring-writer.ts'] as const;
/** Files whose classes the threads share; each of them must have been rewritten. */
const FILES_WITH_ATOMICS = 2;

export interface SteppedSink {
	onRecord(w1: number, w2: number, w3: number, buf: Buffer, start: number, end: number): Steps;
}

/** RingReader after {@link rewrite}. */
export interface SteppedReader {
	construct(control: Int32Array, base: number, data: Buffer): Steps;
	readonly isBehind: boolean;
	read(sink: SteppedSink, limit: number, maxBytes: number): Steps<number>;
	release(): Steps<SleepKind>;
	arm(kind: SleepKind): Steps<boolean>;
	disarm(): Steps;
	isClosed(): Steps<boolean>;
}

/** RingWriter after {@link rewrite}. */
export interface SteppedWriter {
	readonly claimed: number;
	construct(control: Int32Array, base: number, data: Buffer): Steps;
	claim(wanted: number): Steps<number>;
	commit(payloadBytes: number, w1: number, w2: number, w3: number): Steps;
	tryWrite(w1: number, w2: number, w3: number, payload: Uint8Array): Steps<boolean>;
	publish(): Steps<SleepKind>;
	arm(kind: SleepKind, payloadBytes: number): Steps<boolean>;
	disarm(): Steps;
	close(): Steps<SleepKind>;
}

export interface ShippedRing {
	readonly RingReader: new () => SteppedReader;
	readonly RingWriter: new () => SteppedWriter;
	/** Scheduling points that the source has got. */
	readonly atomics: number;
	readonly plain: number;
}

/** A change to one of the files: `from` must be there exactly once. */
export interface Edit {
	readonly file: (typeof FILES)[number];
	readonly from: string;
	readonly to: string;
}

/** Loads the shipped source, after `edits`. Throws when an Atomics call was not made a scheduling point. */
export function loadRing(edits: readonly Edit[] = [], atPlainAccesses = false): ShippedRing {
	const parts = FILES.map((file) => {
		let source = readFileSync(path.join(sourceFolder(), file), 'utf8');
		for (const edit of edits) if (edit.file === file) source = apply(source, edit);
		const rewritten = rewriteOnce(source, atPlainAccesses);
		const inSource = countAtomics(source);
		if (rewritten.atomics !== inSource)
			throw new Error(`${file} has ${inSource} Atomics calls, ${rewritten.atomics} were rewritten`);
		return rewritten;
	});
	if (parts.filter((part) => part.atomics > 0).length !== FILES_WITH_ATOMICS)
		throw new Error('the Atomics calls have moved: look again');
	const code = `'use strict';${parts.map((part) => part.code).join('\n')}\nreturn { RingReader, RingWriter };`;
	// The code is our own source. A function body is the only way to hand it other Atomics than the real ones.
	// oxlint-disable-next-line typescript/no-implied-eval, no-new-func
	const make = new Function('Atomics', 'ProtocolError', code) as (
		shippedAtomics: ShippedAtomics,
		error: typeof ProtocolError,
	) => Pick<ShippedRing, 'RingReader' | 'RingWriter'>;
	const sum = (key: 'atomics' | 'plain'): number => parts.reduce((total, part) => total + part[key], 0);
	return { ...make(atomics, ProtocolError), atomics: sum('atomics'), plain: sum('plain') };
}

const rewrittenBefore = new Map<string, Rewritten>();

/** Most files are loaded again and again as they stand. */
function rewriteOnce(source: string, atPlainAccesses: boolean): Rewritten {
	const key = `${atPlainAccesses} ${source}`;
	const rewritten = rewrittenBefore.get(key) ?? rewrite(source, atPlainAccesses);
	rewrittenBefore.set(key, rewritten);
	return rewritten;
}

function apply(source: string, { file, from, to }: Edit): string {
	const parts = source.split(from);
	if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times: ${from}`);
	return parts.join(to);
}

/** src/ringbuf of the project, wherever this file was built to. */
function sourceFolder(): string {
	let folder = path.dirname(fileURLToPath(import.meta.url));
	while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
	return path.join(folder, 'src/ringbuf');
}
