import { DOM_EXCEPTION, type ErrorClass, errorClassNamed } from './error-classes.ts';
import { defineProperty } from './plain-keys.ts';
import { ERROR } from './tags.ts';
import type { ValueSource } from './value-source.ts';

/** Reads an error, after its tag. */
export function readError(source: ValueSource): object {
	const name = source.text();
	const type = errorClassNamed(name);
	const error = source.open(ERROR, () => {
		if (name !== DOM_EXCEPTION) return makeError(type);
		const message = source.text();
		return new DOMException(message, source.text());
	});
	// A class that only the other side knows: the name is what is left of it.
	if (!type) defineProperty(error, 'name', name, false);
	delete (error as { stack?: string }).stack;
	readProperties(source, error, false);
	readProperties(source, error, true);
	source.leave();
	return error;
}

/** Makes a native error of a class without running its constructor, and without the cost of a stack that nobody wants. */
function makeError(type: ErrorClass | undefined): Error {
	const { stackTraceLimit } = Error;
	Reflect.set(Error, 'stackTraceLimit', 0);
	try {
		return Reflect.construct<[], Error>(Error, [], (type?.type ?? Error) as ErrorConstructor);
	} finally {
		Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
	}
}

function readProperties(source: ValueSource, error: object, isEnumerable: boolean): void {
	for (let left = source.count(); left > 0; left--) {
		const key = source.text();
		defineProperty(error, key, source.value(), isEnumerable);
	}
}
