/*
 * Rounds of traffic between threads and between processes: to the end, and until one side is killed at a random instant. Every
 * round throws when anything was lost, torn, doubled or stuck.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

import { type Endpoint, type Region, RING_CONTROL_INDEX } from '../../src/ringbuf/index.ts';
import { BELLS_RUNG, HEAD, TAIL } from '../../src/ringbuf/layout.ts';
import { Peer, type PeerResult, type StressBell } from './peer.ts';
import type { Random } from './traffic.ts';

/** What a kind of rounds has moved so far. */
export interface RoundTally {
	rounds: number;
	records: number;
	bytes: number;
}

/** What one round is made of. */
export interface RoundOptions {
	readonly seed: number;
	readonly ringBytes: number;
	/** Where the positions of both rings start. */
	readonly start: number;
	/** Records that each side sends; without end for a round that ends with a death. */
	readonly records: number;
}

/** A round that takes longer than this is stuck, in ms. */
const ROUND_TIMEOUT = 30_000;
/** Turns of the event loop before a side is killed, at the most. */
const MAX_TURNS = 400;

export function randomRound(random: Random, records: number): RoundOptions {
	const ringBytes = 4096 << random(5);
	const telling = [0, 2 ** 31, 2 ** 32][random(3)] as number;
	// Up to four rings before a position where 32-bit arithmetic goes wrong.
	return { seed: random(2 ** 31), ringBytes, start: (telling - 16 * random(ringBytes / 4)) | 0, records };
}

export function setStart(region: Region, start: number): void {
	for (const base of RING_CONTROL_INDEX) region.control[base + TAIL] = region.control[base + HEAD] = start;
}

/** Checks a round in which both sides closed in order, and counts it. */
export function checkCompleted(
	region: Region,
	results: readonly [PeerResult, PeerResult],
	options: RoundOptions,
	tally: RoundTally,
): void {
	for (const endpoint of [0, 1] as const) {
		const { sent, received, isOrphan } = results[endpoint];
		if (isOrphan) throw new Error(`endpoint ${endpoint} saw no orderly close`);
		if (sent !== options.records || received !== options.records) {
			throw new Error(`endpoint ${endpoint} sent ${sent} and received ${received} of ${options.records}`);
		}
		checkBells(region, endpoint, results[endpoint]);
		count(tally, results[endpoint]);
	}
	tally.rounds += 1;
}

/** The peer rings at most once for each announcement. */
function checkBells(region: Region, reader: Endpoint, { announced }: PeerResult): void {
	const bells = region.control[RING_CONTROL_INDEX[reader === 0 ? 1 : 0] + BELLS_RUNG] as number;
	if (bells > announced) throw new Error(`endpoint ${reader} was rung ${bells} times for ${announced} announcements`);
}

/** Runs this side until the other one has been killed and everything that it had published was taken in. */
export async function survive(
	region: Region,
	bell: StressBell,
	options: RoundOptions,
	kill: () => unknown,
	tally: RoundTally,
): Promise<void> {
	const peer = new Peer({ region, endpoint: 0, bell, seed: options.seed, records: Number.POSITIVE_INFINITY, mayPark: false });
	const ended = new AbortController();
	const killed = killSomeTime(peer, options.seed, ended.signal).then(kill);
	const result = await peer.run().finally(() => ended.abort());
	await killed;
	if (!result.isOrphan) throw new Error('the killed side seems to have closed in order');
	// Nothing comes after death, and what the dead side gave back is within what it was sent.
	if (peer.reader.hasMore) throw new Error('something was published after the death');
	peer.writer.claim(0);
	count(tally, result);
	tally.rounds += 1;
}

/** Resolves after some turns of the event loop, at times only once records have come; or when the round has ended without. */
async function killSomeTime(peer: Peer, seed: number, ended: AbortSignal): Promise<void> {
	const wanted = seed % 4 === 0 ? 0 : (seed >> 2) % 3000;
	let turns = (seed >> 4) % MAX_TURNS;
	while (!ended.aborted && (peer.checker.received < wanted || turns > 0)) {
		await nextTurn();
		if (peer.checker.received >= wanted) turns -= 1;
	}
}

/** Rejects when `round` is stuck, after `end` has ended whoever takes part. */
export async function withTimeout<T>(round: Promise<T>, options: RoundOptions, end: () => unknown): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const timeout = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => {
			end();
			reject(new Error(`stuck for ${ROUND_TIMEOUT} ms: ${JSON.stringify(options)}`));
		}, ROUND_TIMEOUT);
	});
	try {
		return await Promise.race([round, timeout]);
	} catch (error) {
		end();
		throw error;
	} finally {
		clearTimeout(timer);
	}
}

function count(tally: RoundTally, { received, bytes }: PeerResult): void {
	tally.records += received;
	tally.bytes += bytes;
}
