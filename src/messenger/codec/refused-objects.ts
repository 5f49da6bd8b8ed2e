import * as is from 'node:util/types';
import { MessagePort } from 'node:worker_threads';

/** Built-in and platform classes that are more than their properties: a copy would be a husk. */
const REFUSED = new Set([
	'WeakMap',
	'WeakSet',
	'WeakRef',
	'FinalizationRegistry',
	'Promise',
	'Generator',
	'AsyncGenerator',
	'Array Iterator',
	'Map Iterator',
	'Set Iterator',
	'String Iterator',
	'RegExp String Iterator',
	'Iterator Helper',
	'Module',
	'Blob',
	'File',
	'FileHandle',
	'ReadableStream',
	'WritableStream',
	'TransformStream',
	'BroadcastChannel',
	'KeyObject',
	'CryptoKey',
	'AbortSignal',
	'AbortController',
]);

/** Families of such classes. */
const REFUSED_FAMILY = /^(?:Intl|WebAssembly|Temporal)\./;

/** Says why an object without a class that travels cannot be sent; undefined if it can, as its own enumerable properties. */
export function whyRefused(value: object): string | undefined {
	if (is.isProxy(value)) return 'it is a Proxy';
	// Not in Deno, which knows no such objects.
	if (is.isExternal?.(value)) return 'it is memory of a native addon';
	if (value instanceof MessagePort)
		return 'it is a MessagePort that is not in the transfer list, or that this peer cannot be handed';
	// Node's own key objects have no tag.
	if (is.isKeyObject?.(value)) return 'it is a KeyObject';
	const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
	if (!REFUSED.has(tag) && !REFUSED_FAMILY.test(tag)) return undefined;
	return `it is ${/^[AEIOU]/.test(tag) ? 'an' : 'a'} ${tag}`;
}

/** Says why an object would arrive as something else than it is: it is an instance of a class. Undefined for plain objects of any realm. */
export function whyNotPlain(value: object): string | undefined {
	const prototype = Object.getPrototypeOf(value) as { readonly constructor?: { readonly name?: unknown } } | null;
	if (prototype === null || Object.getPrototypeOf(prototype) === null) return undefined;
	return `it is an instance of class ${String(prototype.constructor?.name) || '(anonymous)'}, which is not registered`;
}
