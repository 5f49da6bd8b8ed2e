/*
 * The module that `coproc doctor` runs in a worker of each kind.
 */

/** Gives back what it is given. */
export function echo<T>(value: T): T {
	return value;
}

/** Counts from 0, without end. */
export function* count(): Generator<number, void, undefined> {
	for (let number = 0; ; number += 1) yield number;
}
