/*
 * A worker module: whatever it exports can be called, and mapped over many items.
 */

/** Runs for an item of a map, or by itself. */
export function countPrimes(end) {
	let found = 0;
	for (let n = 2; n < end; n += 1) if (isPrime(n)) found += 1;
	return found;
}

/** Ends its worker, as a crash would. */
export function crash() {
	process.exit(9);
}

function isPrime(n) {
	for (let divisor = 2; divisor * divisor <= n; divisor += 1) if (n % divisor === 0) return false;
	return true;
}
