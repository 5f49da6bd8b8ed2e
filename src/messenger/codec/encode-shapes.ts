import type { ByteWriter } from '../../internal/byte-writer.ts';
import type { ShapeNode } from './shapes.ts';
import { SHAPE, SHAPE_DEFINITION, SMALL_SHAPE, SMALL_SHAPE_COUNT } from './tags.ts';
import { writeText } from './texts.ts';

/** Writes the tag of an object whose keys the receiver knows. The values follow. */
export function writeShape(writer: ByteWriter, { id }: ShapeNode): void {
	writer.ensure(3);
	if (id < SMALL_SHAPE_COUNT) {
		writer.buf[writer.pos++] = SMALL_SHAPE + id;
		return;
	}
	writer.buf[writer.pos++] = SHAPE;
	writeId(writer, id);
}

/** Writes the tag of an object, and its keys for the receiver to remember. The values follow. */
export function writeShapeDefinition(writer: ByteWriter, { id, keys }: ShapeNode): void {
	writer.ensure(4);
	writer.buf[writer.pos++] = SHAPE_DEFINITION;
	writeId(writer, id);
	writer.buf[writer.pos++] = keys.length;
	for (const key of keys) writeText(writer, key);
}

function writeId(writer: ByteWriter, id: number): void {
	writer.buf[writer.pos++] = id;
	writer.buf[writer.pos++] = id >>> 8;
}
