/*
 * What does a worker do wrong? The same functions for every library.
 */
let ticks = 0;

export const add = (n) => n + 2;

/** Ends the worker, as a crash would. */
export function exit() {
	process.exit(3);
}

/** Fails with all that an error can carry. */
export function fail() {
	throw Object.assign(new RangeError('out of range', { cause: new TypeError('the cause') }), { code: 'E_RANGE', row: 7 });
}

/** Gives what cannot be copied. */
export function unclonable() {
	return { rows: [1, { callback() {} }] };
}

/** Gives what JSON loses. */
export function rich() {
	return { map: new Map([['a', 1n]]), date: new Date(0), hole: [1, undefined], nan: Number.NaN };
}

/** Leaves a timer running that nobody awaits. */
export function startTimer() {
	setInterval(() => {
		ticks += 1;
	}, 10);
	return 0;
}

export const ticked = () => ticks;

/** Never ends. */
export function spin() {
	for (;;);
}
