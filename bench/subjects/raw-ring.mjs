/*
 * What can the ring do with nothing above it? The shipped ring, both sides spinning, no event loop in between.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { loadRingbuf } from '../harness/bundle-ringbuf.mjs';
import { CALL, POST, POSTED, RawEnd, REST } from '../workers/raw-end.mjs';

const RING_BYTES = 256 * 1024;
const program = new URL('../workers/spin-on-ring.mjs', import.meta.url);

/** @param {{ backend: 'process' | 'thread', batch: number }} variant */
export function create({ backend, batch }) {
	/** @type {RawEnd} */
	let end;
	let peer;
	let answer;
	let totals;
	const handlers = [(value) => (answer = value), () => {}, (count, sum) => (totals = { count, sum }), () => {}];
	return {
		async start() {
			const ringbuf = await loadRingbuf();
			const opened = backend === 'thread' ? openThread(ringbuf) : openProcess(ringbuf);
			peer = opened.peer;
			await once(peer, 'message');
			end = new RawEnd(ringbuf, opened.region, { side: 0, handlers, batch });
		},
		async begin() {
			if (backend === 'thread') peer.postMessage('spin');
			else peer.send('spin');
			await once(peer, 'message');
		},
		async end() {
			end.send(REST, 0, 0);
			await once(peer, 'message');
		},
		call(n) {
			answer = undefined;
			end.send(CALL, n, 2);
			end.spin(() => answer !== undefined);
			return answer;
		},
		post(n) {
			end.send(POST, n, 0);
		},
		async posted() {
			totals = undefined;
			end.send(POSTED, 0, 0);
			end.spin(() => totals !== undefined);
			return totals;
		},
		async close() {
			if (!peer) return;
			const exit = once(peer, 'exit');
			if (backend === 'thread') await peer.terminate();
			else peer.kill('SIGKILL');
			await exit;
		},
	};
}

function openThread({ createSharedRegion }) {
	const { region, memory } = createSharedRegion(RING_BYTES);
	return { region, peer: new Worker(program, { workerData: { memory } }) };
}

function openProcess({ createMappedRegion, loadLibc }) {
	const { libc, reason } = loadLibc();
	if (!libc) throw new Error(reason);
	const { region, fd } = createMappedRegion(libc, RING_BYTES);
	const stdio = ['ignore', 'inherit', 'inherit', 'ipc', fd];
	const peer = fork(fileURLToPath(program), [String(RING_BYTES)], { stdio });
	closeSync(fd);
	return { region, peer };
}
