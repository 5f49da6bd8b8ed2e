import { DOM_EXCEPTION, type ErrorClass, errorClassOf } from './error-classes.ts';
import { writeNumber, writeTag } from './numbers.ts';
import { beyondProperty } from './refusal.ts';
import { ERROR } from './tags.ts';
import { writeText } from './texts.ts';
import type { ValueSink } from './value-sink.ts';

/** Properties that the language gives to errors, where they are not enumerable. */
const HIDDEN = ['message', 'cause', 'errors', 'error', 'suppressed'];

/**
 * Writes an error: its class, what is not enumerable (message, stack, cause and the like), its own enumerable properties.
 * A name that the class does not give is sent as a property.
 */
export function writeError(sink: ValueSink, error: object): void {
	if (sink.enter(ERROR, error)) return;
	const type = errorClassOf(error);
	writeTag(sink.writer, ERROR);
	writeText(sink.writer, type.name);
	if (type.name === DOM_EXCEPTION) {
		writeText(sink.writer, (error as Error).message);
		writeText(sink.writer, (error as Error).name);
	}
	writeProperties(sink, hiddenProperties(error, type));
	writeProperties(
		sink,
		Object.keys(error).map((key) => [key, () => (error as Record<string, unknown>)[key]]),
	);
	sink.leave();
}

type Property = readonly [key: string, read: () => unknown];

function hiddenProperties(error: object, type: ErrorClass): Property[] {
	const source = error as Readonly<Record<string, unknown>>;
	const own = type.hasHidden ? Object.getOwnPropertyNames(error) : HIDDEN;
	const keys = own.filter((key) => isHidden(error, key) && key !== 'name' && key !== 'stack');
	const properties = keys.map((key): Property => [key, () => source[key]]);
	const { name, stack } = source;
	if (typeof stack === 'string' && !Object.prototype.propertyIsEnumerable.call(error, 'stack'))
		properties.push(['stack', () => stack]);
	const hasOtherName = typeof name === 'string' && name !== type.name && type.name !== DOM_EXCEPTION;
	if (hasOtherName && !Object.prototype.propertyIsEnumerable.call(error, 'name')) properties.push(['name', () => name]);
	return properties;
}

function isHidden(error: object, key: string): boolean {
	return Object.hasOwn(error, key) && !Object.prototype.propertyIsEnumerable.call(error, key);
}

function writeProperties(sink: ValueSink, properties: readonly Property[]): void {
	writeNumber(sink.writer, properties.length);
	for (const [key, read] of properties) {
		writeText(sink.writer, key);
		try {
			sink.value(read());
		} catch (error) {
			throw beyondProperty(error, key);
		}
	}
}
