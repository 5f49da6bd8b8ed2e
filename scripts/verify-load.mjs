/*
 * Runs the ring for as long as it is told: against random input (test/ringbuf) and between real threads and processes (test/stress).
 */
import { load } from './verify-build.mjs';

/** Parts of the time for each kind of check; they add up to one. */
const SHARE = { fuzz: 0.05, threads: 0.25, terminations: 0.15, processes: 0.25, kills: 0.15 };
const RECORDS = 20_000;

/** @typedef {import('./verify.mjs').Report} Report */
/** @typedef {import('./verify.mjs').Options} Options */
/** @typedef {import('../test/ringbuf/ring-model.ts').ModelTally} ModelTally */
/** @typedef {import('../test/stress/rounds.ts').RoundTally} RoundTally */

export async function verifyFuzz(/** @type {Report} */ report, /** @type {Options} */ { seconds }) {
	/** @type {typeof import('../test/ringbuf/ring-model.ts')} */
	const { checkAgainstModel } = await load('test/ringbuf/ring-model.ts');
	/** @type {typeof import('../test/ringbuf/ring-fuzz.ts')} */
	const { fuzzFlips, fuzzNoise, fuzzWriter } = await load('test/ringbuf/ring-fuzz.ts');
	const runs = { 'small rings': [64, 128, 256, 512, 1024], 'shipped sizes': [4096, 16_384, 65_536] };
	for (const [name, capacities] of Object.entries(runs)) {
		await report.check(`fuzz against a plain queue, ${name}`, () => {
			const sum = { records: 0, pads: 0, refused: 0, wraps: 0 };
			repeat(seconds * SHARE.fuzz, () => add(sum, checkAgainstModel(capacities, 200)));
			if (Object.values(sum).includes(0)) throw new Error(`something was never met: ${JSON.stringify(sum)}`);
			return JSON.stringify(sum);
		});
	}
	for (const fuzz of [fuzzNoise, fuzzFlips, fuzzWriter]) {
		await report.check(`fuzz ${fuzz.name}`, () => {
			const tally = { delivered: 0, refused: 0 };
			repeat(seconds * SHARE.fuzz, () => fuzz(1000, tally));
			if (Object.values(tally).includes(0)) throw new Error(`something was never met: ${JSON.stringify(tally)}`);
			return JSON.stringify(tally);
		});
	}
}

export async function verifyStress(/** @type {Report} */ report, /** @type {Options} */ { seconds, seed }) {
	/** @type {typeof import('../test/stress/traffic.ts')} */
	const { randomFrom } = await load('test/stress/traffic.ts');
	/** @type {typeof import('../test/stress/rounds.ts')} */
	const { randomRound } = await load('test/stress/rounds.ts');
	/** @type {typeof import('../test/stress/threads.ts')} */
	const { threadRound, terminateRound } = await load('test/stress/threads.ts');
	/** @type {typeof import('../test/stress/processes.ts')} */
	const { processRound, killRound } = await load('test/stress/processes.ts');
	/** @type {typeof import('../src/internal/libc.ts')} */
	const { loadLibc } = await load('src/internal/libc.ts');
	const { libc, reason } = loadLibc();
	const random = randomFrom(seed);
	/** @type {(name: string, share: number, round: (tally: RoundTally) => Promise<void>) => Promise<void>} */
	const rounds = (name, share, round) =>
		report.check(`stress ${name}`, async () => {
			const tally = { rounds: 0, records: 0, bytes: 0 };
			const end = performance.now() + seconds * share * 1000;
			do await round(tally);
			while (performance.now() < end);
			const { rounds: count, records, bytes } = tally;
			return {
				text: `${count} rounds, ${records.toLocaleString('en')} records, ${(bytes / 1e6).toFixed(0)} MB`,
				rounds: count,
				records,
			};
		});
	await rounds('threads', SHARE.threads, (tally) => threadRound(randomRound(random, RECORDS), tally));
	await rounds('threads terminated', SHARE.terminations, (tally) => terminateRound(randomRound(random, 0), tally));
	if (!libc) {
		report.fail('stress processes', `memory cannot be shared with a process here: ${reason}`);
		return;
	}
	await rounds('processes', SHARE.processes, (tally) => processRound(libc, randomRound(random, RECORDS), tally));
	await rounds('processes killed', SHARE.kills, (tally) => killRound(libc, randomRound(random, 0), tally));
}

function repeat(/** @type {number} */ seconds, /** @type {() => void} */ action) {
	const end = performance.now() + seconds * 1000;
	do action();
	while (performance.now() < end);
}

function add(/** @type {ModelTally} */ sum, /** @type {ModelTally} */ tally) {
	for (const key of /** @type {(keyof ModelTally)[]} */ (Object.keys(tally))) sum[key] += tally[key];
}
