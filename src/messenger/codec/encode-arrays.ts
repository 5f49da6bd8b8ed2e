import type { ByteWriter } from '../../internal/byte-writer.ts';
import type { NumberArrayForm } from './array-forms.ts';
import { writeDoubles, writeNumber, writeTag, writeUint32Bytes } from './numbers.ts';
import { beyondProperty } from './refusal.ts';
import { ARRAY, DOUBLES, IRREGULAR_ARRAY } from './tags.ts';
import type { ValueSink } from './value-sink.ts';

/** Writes an array of numbers. The loops are its own: V8 is faster where all arrays that pass hold numbers. */
export function writeNumberArray(writer: ByteWriter, array: readonly number[], form: NumberArrayForm): void {
	const { length } = array;
	writer.ensure(5);
	writer.buf[writer.pos++] = form === 'doubles' ? DOUBLES : ARRAY;
	writeUint32Bytes(writer, length);
	if (form === 'doubles') writeDoubles(writer, array);
	else for (let index = 0; index < length; index++) writeNumber(writer, array[index] as number);
}

/** Writes an array with holes, which are left out, or with named properties. Object.keys() gives the elements first. */
export function writeIrregularArray(sink: ValueSink, array: readonly unknown[]): void {
	const { length } = array;
	const keys = Object.keys(array);
	writeTag(sink.writer, IRREGULAR_ARRAY);
	writeNumber(sink.writer, length);
	writeNumber(sink.writer, keys.length);
	for (const key of keys) {
		const index = Number(key);
		const step = index >= 0 && index < length && Number.isInteger(index) && String(index) === key ? index : key;
		sink.value(step);
		try {
			sink.value((array as unknown as Readonly<Record<string, unknown>>)[key]);
		} catch (error) {
			throw beyondProperty(error, step);
		}
	}
}
