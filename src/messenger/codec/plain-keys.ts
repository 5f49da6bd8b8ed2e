/**
 * True when assigning to `key` makes an own property of a plain object: false for `__proto__`, which would set the prototype,
 * and for whatever else `Object.prototype` has, in case somebody froze it or put a setter there.
 */
export function isOrdinaryKey(key: string): boolean {
	return !(key in Object.prototype);
}

/** Makes an own property, whatever its name. */
export function defineProperty(target: object, key: string, value: unknown, isEnumerable = true): void {
	Object.defineProperty(target, key, { value, writable: true, configurable: true, enumerable: isEnumerable });
}
