/*
 * A worker module: whatever it exports can be called. It says nothing about workers, and can be imported as it is.
 */
import { currentCall } from 'coproc';

/** A function gives a promise. */
export function fib(n) {
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

/** A generator gives a stream: it is never more than a few items ahead of whoever takes them. */
export function* primes() {
	try {
		for (let n = 2; ; n += 1) if (isPrime(n)) yield n;
	} finally {
		console.log('no more primes are wanted');
	}
}

/** Inside a call, `currentCall()` tells its progress and whether it was aborted, also in a loop that never yields. */
export function count(end) {
	const call = currentCall();
	for (let n = 0; n < end; n += 1) {
		call.throwIfAborted();
		if (n % 1000 === 0) call.progress(n);
	}
	return end;
}

function isPrime(n) {
	for (let divisor = 2; divisor * divisor <= n; divisor += 1) if (n % divisor === 0) return false;
	return true;
}
