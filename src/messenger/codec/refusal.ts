/**
 * Ends the encoding of a message. It starts at the value that cannot travel; every container around it adds its step, so
 * that the path costs nothing until it is needed.
 */
export class Refusal extends Error {
	/** What the value is, and why it cannot travel. */
	readonly what: string;
	/** The way from the message down to the value. */
	path = '';

	constructor(what: string) {
		super(what);
		this.what = what;
	}
}

/** Refuses the value at hand. */
export function refuse(what: string): never {
	throw new Refusal(what);
}

/** Adds the step of a property to an error that passes through its object, and returns the error. */
export function beyondProperty(error: unknown, key: string | number): unknown {
	if (error instanceof Refusal) error.path = propertyStep(key) + error.path;
	return error;
}

/** Adds a step that is written out, such as `.get("k")`. */
export function beyondStep(error: unknown, step: string): unknown {
	if (error instanceof Refusal) error.path = step + error.path;
	return error;
}

/** Writes the step to a property as source code. */
export function propertyStep(key: string | number): string {
	if (typeof key === 'number') return `[${key}]`;
	return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Writes the step to an entry of a Map: the key where it can be written down, else the entry's position. */
export function entryStep(key: unknown, index: number): string {
	if (typeof key === 'string') return `.get(${JSON.stringify(key)})`;
	if (typeof key === 'bigint') return `.get(${key}n)`;
	if (typeof key === 'object' && key !== null) return `.values()[${index}]`;
	return `.get(${String(key)})`;
}
