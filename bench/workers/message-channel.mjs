/*
 * What do two threads cost each other that talk over a bare MessageChannel? One is told to play, the other answers.
 */
import { parentPort, workerData } from 'node:worker_threads';

const { port } = workerData;
let play;

port.on('message', (n) => (play ? play(n) : port.postMessage(n + 2)));

parentPort.on('message', (ms) => {
	let rounds = 0;
	const begin = performance.now();
	play = (n) => {
		if (n !== rounds + 2) throw new Error(`wrong answer: ${n} to ${rounds}`);
		rounds += 1;
		const elapsed = performance.now() - begin;
		if (elapsed < ms) port.postMessage(rounds);
		else parentPort.postMessage({ rounds, elapsed });
	};
	port.postMessage(rounds);
});
