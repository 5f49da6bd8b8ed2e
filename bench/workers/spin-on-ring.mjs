/*
 * What is the other end of a raw ring? A thread or a process that spins on it while it is measured, and sleeps between.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { loadRingbuf } from '../harness/bundle-ringbuf.mjs';
import { CALL, POSTED, RawEnd } from './raw-end.mjs';

/** Descriptor of the memory that a child process inherits. */
const MEMORY_FD = 4;

let count = 0;
let sum = 0;
let isSpinning = false;

const ringbuf = await loadRingbuf();
const region = parentPort
	? ringbuf.attachSharedRegion(workerData.memory)
	: ringbuf.attachMappedRegion(ringbuf.loadLibc().libc, MEMORY_FD, Number(process.argv[2]));
const handlers = [
	(a, b) => end.send(CALL, a + b, 0),
	(n) => {
		count += 1;
		sum += n;
	},
	() => end.send(POSTED, count, sum),
	() => {
		isSpinning = false;
	},
];
const end = new RawEnd(ringbuf, region, { side: 1, handlers });

function onMessage() {
	isSpinning = true;
	tell('spinning');
	// Ends when the host rests; a host that died meanwhile cannot say so, but then this side has no peer to wait for.
	end.spin(() => !isSpinning);
	tell('resting');
}

function tell(text) {
	if (parentPort) parentPort.postMessage(text);
	else process.send(text);
}

(parentPort ?? process).on('message', onMessage);
tell('ready');
