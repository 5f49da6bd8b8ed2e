/*
 * Runs the ring for as long as it is told: against random input (test/ringbuf) and between real threads and processes (test/stress).
 */
import { load } from './verify-build.mjs';

/** Parts of the time for each kind of check; they add up to one. */
const SHARE = { fuzz: 0.05, threads: 0.25, terminations: 0.15, processes: 0.25, kills: 0.15 };
const RECORDS = 20_000;

/** @param {import('./verify.mjs').Report} report */
export async function verifyFuzz(report, { seconds }) {
	const { checkAgainstModel } = await load('test/ringbuf/ring-model.ts');
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

/** @param {import('./verify.mjs').Report} report */
export async function verifyStress(report, { seconds, seed }) {
	const { randomFrom } = await load('test/stress/traffic.ts');
	const { randomRound } = await load('test/stress/rounds.ts');
	const { threadRound, terminateRound } = await load('test/stress/threads.ts');
	const { processRound, killRound } = await load('test/stress/processes.ts');
	const { libc, reason } = (await load('src/internal/libc.ts')).loadLibc();
	const random = randomFrom(seed);
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
	if (!libc) return report.fail('stress processes', `memory cannot be shared with a process here: ${reason}`);
	await rounds('processes', SHARE.processes, (tally) => processRound(libc, randomRound(random, RECORDS), tally));
	await rounds('processes killed', SHARE.kills, (tally) => killRound(libc, randomRound(random, 0), tally));
}

function repeat(seconds, action) {
	const end = performance.now() + seconds * 1000;
	do action();
	while (performance.now() < end);
}

function add(sum, tally) {
	for (const [key, value] of Object.entries(tally)) sum[key] += value;
}
