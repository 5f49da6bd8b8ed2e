import { inspect } from 'node:util';

/** Arrays up to this length are asked for all their values, longer ones go to inspect(). */
const LISTED_ELEMENTS = 128;

/** Arrays from this length on are looked through for numbers. */
const MIN_NUMBERS = 16;

/** True when no element is missing. Stops at the first hole, so a huge sparse array costs nothing. */
export function isDense(array: readonly unknown[]): boolean {
	const { length } = array;
	for (let index = 0; index < length; index++) {
		if (array[index] === undefined && !Object.hasOwn(array, index)) return false;
	}
	return true;
}

/**
 * Tells whether an array without holes has enumerable properties besides its elements, as the result of `match()` has.
 *
 * The language offers only lists that hold the elements too. Object.values() is the cheapest of them (65 ns; Object.keys()
 * makes a string of each index), but grows with the array, up to 8 us for a thousand doubles. inspect() told to show no
 * element takes 600 ns whatever the length; where it finds nothing else its text is known, and a yes that only comes from
 * another wording, or from a symbol, leads to the slower form, which is right as well.
 */
export function hasNamedProperties(array: readonly unknown[]): boolean {
	const { length } = array;
	if (length <= LISTED_ELEMENTS) return Object.values(array).length !== length;
	const text = inspect(array, {
		maxArrayLength: 0,
		depth: 0,
		colors: false,
		compact: true,
		breakLength: Infinity,
		customInspect: false,
	});
	return text !== `[ ... ${length} more items ]`;
}

/** What an array of numbers is made of. */
export type NumberArrayForm = 'integers' | 'doubles' | undefined;

/**
 * Tells whether an array that is not short holds only numbers, which also means that it has no hole; `doubles` if most of
 * them are no small integers, which take less space one by one. Undefined for all other arrays.
 */
export function numberArrayForm(array: readonly unknown[]): NumberArrayForm {
	const { length } = array;
	if (length < MIN_NUMBERS || typeof array[0] !== 'number' || typeof array[length - 1] !== 'number') return undefined;
	let fractions = 0;
	for (let index = 0; index < length; index++) {
		const item = array[index];
		if (typeof item !== 'number') return undefined;
		if ((item | 0) !== item) fractions++;
	}
	return 2 * fractions > length ? 'doubles' : 'integers';
}
