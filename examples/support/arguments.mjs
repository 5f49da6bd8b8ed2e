/*
 * The arguments that all examples take, so that each can be seen on every backend and transport.
 */
import { parseArgs } from 'node:util';

const USAGE = 'usage: node EXAMPLE.mjs [--backend process|thread] [--transport auto|ring|pipe] [--blocking]';

/** Returns the options for a WorkerResource, and whether its worker shall use the blocking calls. Ends the program at bad arguments. */
export function readArguments() {
	const { blocking, ...options } = parseArguments();
	return { options, blocking };
}

function parseArguments() {
	const options = {
		backend: { type: 'string', default: 'process' },
		transport: { type: 'string', default: 'auto' },
		blocking: { type: 'boolean', default: false },
	};
	try {
		return parseArgs({ options }).values;
	} catch (error) {
		console.error(`${error.message}\n${USAGE}`);
		return process.exit(2);
	}
}
