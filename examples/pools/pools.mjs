/*
 * Pools: many workers as one, for calls, for maps and for streams of results.
 */
import { WorkerPool } from 'coproc';

const pool = await WorkerPool.import(new URL('./jobs.mjs', import.meta.url), { size: 2 });
try {
	console.log('a call: %O', await pool.call.countPrimes(100));
	console.log('a map: %O', await pool.map('countPrimes', [10, 100, 1000]));

	// A function that is shipped sees nothing of the scope around it.
	console.log('shipped: %O', await pool.map((text) => text.toUpperCase(), new Set(['a', 'b'])));

	for await (const found of pool.stream('countPrimes', everyNumber())) {
		if (found > 2) break; // no more is read, and what runs is cancelled
		console.log('%O', found);
	}

	const settled = await pool.map('countPrimes', [10, Symbol('no number')], { settled: true });
	console.log(
		'settled: %O',
		settled.map(({ status }) => status),
	);

	try {
		await pool.call.crash();
	} catch (error) {
		console.log('%s, code %O', error.name, error.exitCode);
	}
	console.log('another worker took its place: %O', await pool.call.countPrimes(10));
} finally {
	await pool[Symbol.asyncDispose]();
}

function* everyNumber() {
	try {
		for (let n = 0; ; n += 1) yield n;
	} finally {
		console.log('the input is closed');
	}
}
