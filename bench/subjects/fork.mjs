/*
 * What is the plainest way to call a process? `child_process.fork` and its IPC channel, with a map of ids.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { Calls } from './calls.mjs';

/** @param {{ serialization: 'json' | 'advanced' }} variant */
export function create({ serialization }) {
	/** @type {import('node:child_process').ChildProcess} */
	let child;
	const calls = new Calls();
	const posted = () => calls.add((id) => child.send({ id, data: 'posted' }));
	return {
		async start() {
			child = fork(fileURLToPath(new URL('../workers/fork.mjs', import.meta.url)), { serialization });
			child.on('message', ({ id, value }) => calls.answer(id, value));
			child.on('error', (error) => calls.fail(error));
			child.on('exit', (code, signal) => calls.fail(new Error(`the child ended with ${signal ?? code}`)));
		},
		call: (n) => calls.add((id) => child.send({ id, data: { a: n, b: 2 } })),
		echo: (bytes) => calls.add((id) => child.send({ id, data: bytes })),
		post: (n) => child.send(n),
		// The channel does not tell when it has room again; an answer does.
		flushed: () => posted(),
		posted,
		async close() {
			if (!child || child.exitCode !== null || child.signalCode !== null) return;
			const exit = once(child, 'exit');
			child.disconnect();
			await exit;
		},
	};
}
