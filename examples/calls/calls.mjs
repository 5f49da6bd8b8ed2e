/*
 * Calls: the functions of a module, run in a worker and called as if they were here.
 */
import { WorkerResource } from 'coproc';

const jobs = await WorkerResource.import(new URL('./jobs.mjs', import.meta.url));
try {
	console.log('fib(20) = %O', await jobs.call.fib(20));

	for await (const prime of jobs.call.primes()) {
		if (prime > 10) break; // the generator's finally block runs, and the loop waits for it
		console.log('prime: %O', prime);
	}

	const counted = await jobs.call.count.with({ onProgress: (n) => console.log('at %O', n) })(3000);
	console.log('counted to %O', counted);

	const controller = new AbortController();
	const endless = jobs.call.count.with({
		signal: controller.signal,
		onProgress: () => controller.abort(new Error('that will do')),
	});
	try {
		await endless(Infinity);
	} catch (error) {
		console.log('aborted: %s', error.message);
	}

	try {
		await jobs.call.fibonacci(20);
	} catch (error) {
		console.log(error.message);
	}
} finally {
	await jobs[Symbol.asyncDispose]();
}
