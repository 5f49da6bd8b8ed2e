/*
 * How fast does a megabyte travel to a worker and back?
 */
import { checkStamp, stamp } from '../harness/check-reply.mjs';
import { percentile } from '../harness/statistics.mjs';
import { takeTurns } from '../harness/take-turns.mjs';

const BYTES = 2 ** 20;
const OUTSTANDING = 8;

export const question = {
	name: 'echo',
	weight: 2,
	/** A megabyte takes as long as many calls, and its memory is collected now and then. */
	slices: 2,
	title: 'Echo of a Uint8Array of 1 MiB; GB/s counts the bytes of both ways',
	subjects: [
		'memcpy mapped',
		'memcpy shared',
		'memcpy mapped, new memory',
		'memcpy shared, new memory',
		'postMessage',
		'postMessage transfer',
		'fork advanced',
		'coproc process-ring',
		'coproc thread-ring',
		'coproc thread-ring transfer',
		'coproc process-pipe',
		'coproc thread-port',
		'piscina',
		'tinypool thread',
		'tinypool process',
		'workerpool thread',
		'workerpool process',
		'poolifier',
		'comlink',
	],
	columns: [
		{ key: 'ms', head: 'ms p50' },
		{ key: 'single', head: 'GB/s one by one' },
		{ key: 'several', head: `GB/s ${OUTSTANDING} at once` },
	],
	main: 'single',
	baselines: ['postMessage', 'memcpy mapped', 'memcpy shared'],
	notes: [
		'memcpy: two copies each way on one thread, in and out of memory that is mapped (as for processes) or a SharedArrayBuffer;',
		'"new memory": the copies out go to memory allocated for each, as a message must; transfer: no copy at all',
	],
	collect: takeTurns,
	measure,
};

async function measure(subject, { ms }) {
	const single = await run(subject, ms * 0.6, 1);
	const several = subject.isSynchronous ? single : await run(subject, ms * 0.4, OUTSTANDING);
	const typical = percentile(
		single.times.toSorted((a, b) => a - b),
		0.5,
	);
	return {
		ms: typical,
		single: gigabytes(1, typical),
		several: gigabytes(several.times.length, several.elapsed),
		echoes: single.times.length,
	};
}

/** Echoes with `outstanding` buffers under way, each sent again when it is back. */
async function run(subject, ms, outstanding) {
	const times = [];
	const begin = performance.now();
	const end = begin + ms;
	const lane = async (index) => {
		let bytes = new Uint8Array(BYTES);
		for (let n = index; ; n += outstanding) {
			stamp(bytes, n);
			const sent = performance.now();
			const reply = subject.echo(bytes);
			const back = subject.isSynchronous ? reply : await reply;
			const now = performance.now();
			times.push(now - sent);
			checkStamp(back, BYTES, n);
			if (now >= end) return;
			if (subject.movesBytes) bytes = back;
		}
	};
	await Promise.all(Array.from({ length: outstanding }, (_, index) => lane(index)));
	return { times, elapsed: performance.now() - begin };
}

function gigabytes(echoes, ms) {
	return (echoes * 2 * BYTES) / ms / 1e6;
}
