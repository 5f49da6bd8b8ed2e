/*
 * How are coproc's processes called? A handler that answers, in this thread, in a thread or in a process, and another one beside it.
 */
import { etc, spawn } from '../../dist/process/index.js';

import { Calls } from './calls.mjs';

const WORKER = new URL('../workers/processes.mjs', import.meta.url);
/** Messages after which the sender waits for an answer: what a process has not handled yet takes memory. */
const WINDOW = 20_000;

/** @param {{ kind: 'local' | 'thread' | 'process', partner?: 'thread' | 'process' }} variant */
export function create({ kind, partner }) {
	const calls = new Calls();
	let host;
	let worker;
	let other;
	let sent = 0;
	const posted = () => calls.add((id) => worker.send('posted', id));
	return {
		async start() {
			host = spawn((self) => self.receive(['answer', Number, etc], (_, id, value) => calls.answer(id, value)));
			worker = spawn(WORKER, { kind, export: 'answers', args: [host] });
			if (!partner) return;
			other = spawn(WORKER, { kind: partner, export: 'answers', args: [host] });
			await calls.add((id) => other.send('posted', id));
		},
		call: (n) => calls.add((id) => worker.send('call', id, { a: n, b: 2 })),
		post(n) {
			worker.send('post', n);
			sent += 1;
			return sent % WINDOW !== 0;
		},
		flushed: posted,
		posted,
		play: (ms) => calls.add((id) => worker.send('play', id, other, ms)),
		async close() {
			for (const process of [worker, other, host]) process?.terminate();
			for (const process of [worker, other, host]) await process?.wait();
		},
	};
}
