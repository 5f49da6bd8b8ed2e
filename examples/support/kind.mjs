/*
 * The argument that the examples of actors take: where their actors live.
 */
import { parseArgs } from 'node:util';

const KINDS = ['local', 'thread', 'process'];

/** Returns the kind. Ends the program at bad arguments. */
export function readKind() {
	try {
		const { kind } = parseArgs({ options: { kind: { type: 'string', default: 'local' } } }).values;
		if (KINDS.includes(kind)) return kind;
		throw new TypeError(`Unknown kind '${kind}'`);
	} catch (error) {
		console.error(`${error.message}\nusage: node EXAMPLE.mjs [--kind ${KINDS.join('|')}]`);
		return process.exit(2);
	}
}
