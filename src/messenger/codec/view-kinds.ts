/** Makes a view; without a length it covers the rest of the buffer, and follows it when it is resized. */
export type ViewConstructor = new (buffer: ArrayBufferLike, byteOffset: number, length?: number) => ArrayBufferView;

/** A kind of view. */
export interface ViewKind {
	readonly make: ViewConstructor;
	readonly elementBytes: number;
}

/** Names of all kinds; the position is what travels. */
const NAMES = [
	'Uint8Array',
	'Int8Array',
	'Uint8ClampedArray',
	'Int16Array',
	'Uint16Array',
	'Int32Array',
	'Uint32Array',
	'Float32Array',
	'Float64Array',
	'BigInt64Array',
	'BigUint64Array',
	'DataView',
	// Node 24 has it, Node 20 has not.
	'Float16Array',
];

const DATA_VIEW = NAMES.indexOf('DataView');

/** The kinds by what travels for them; undefined for those that this Node lacks. */
export const VIEW_KINDS: readonly (ViewKind | undefined)[] = NAMES.map((name) => {
	const make: unknown = (globalThis as Record<string, unknown>)[name];
	if (typeof make !== 'function') return undefined;
	return { make: make as ViewConstructor, elementBytes: (make as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1 };
});

// The getter answers from the object itself, whatever its class and prototype say.
const nameOfTypedArray = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
	?.get as (this: unknown) => string | undefined;

/** Returns what travels for the kind of a view; -1 for a kind that this version does not know. */
export function viewKindOf(view: ArrayBufferView): number {
	const name = nameOfTypedArray.call(view);
	return name === undefined ? DATA_VIEW : NAMES.indexOf(name);
}
