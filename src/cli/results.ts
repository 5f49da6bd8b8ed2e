/*
 * What a function gives, as the command hands it on: lines of JSON, or values that are to be folded. Runs in the workers.
 */

/** True for what a generator function gives: each value that it yields is a result. */
export function isGenerator(value: unknown): value is Iterator<unknown> | AsyncIterator<unknown> {
	if (typeof value !== 'object' || value === null || typeof (value as Iterator<unknown>).next !== 'function') return false;
	return Symbol.iterator in value || Symbol.asyncIterator in value;
}

/** Hands each result of an item to `take`: the one there is, or those that a generator yields. A promise where that has to be awaited. */
export function eachResult(result: unknown, take: (value: unknown) => void): void | Promise<void> {
	if (!isGenerator(result)) {
		take(result);
		return undefined;
	}
	if (Symbol.asyncIterator in result) return eachAwaited(result as unknown as AsyncIterable<unknown>, take);
	for (const value of result as unknown as Iterable<unknown>) take(value);
	return undefined;
}

async function eachAwaited(results: AsyncIterable<unknown>, take: (value: unknown) => void): Promise<void> {
	for await (const value of results) take(value);
}

/**
 * One line of JSON, without its end. No result (undefined) is null, so that there is a line for each. Throws TypeError for what JSON
 * cannot hold: a BigInt, a cycle, and a function or a symbol, which as a result are a mistake.
 */
export function lineOf(result: unknown): string {
	if (typeof result === 'function' || typeof result === 'symbol')
		throw new TypeError(`the result cannot be written as JSON: it is a ${typeof result}`);
	try {
		return JSON.stringify(result) ?? 'null';
	} catch (error) {
		const { message } = error as Error;
		if (!(error instanceof TypeError) || !/BigInt|circular/i.test(message)) throw error;
		const what = /BigInt/.test(message) ? 'it holds a BigInt' : message.replace(/\s+/g, ' ');
		// A cause would say the same once more.
		// oxlint-disable-next-line eslint/preserve-caught-error
		throw new TypeError(`the result cannot be written as JSON: ${what}`);
	}
}
