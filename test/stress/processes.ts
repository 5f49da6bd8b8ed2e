import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import type { Libc } from '../../src/internal/libc.ts';
import { createMappedRegion, type MappedRegion } from '../../src/ringbuf/index.ts';
import { SocketStressBell } from './bells.ts';
import { Peer, type PeerResult } from './peer.ts';
import { checkCompleted, type RoundOptions, type RoundTally, setStart, survive, withTimeout } from './rounds.ts';

/** Next to this file once both are built. */
const PEER = fileURLToPath(new URL('./process-peer.js', import.meta.url));
const BELL_FD = 3;

interface Started {
	readonly region: MappedRegion;
	readonly child: ChildProcess;
	readonly bell: SocketStressBell;
	/** Exit code and signal, once nothing of the process is left. */
	readonly closed: Promise<unknown[]>;
}

function start(libc: Libc, options: RoundOptions, records: number): Started {
	const { region, fd } = createMappedRegion(libc, options.ringBytes);
	setStart(region, options.start);
	const args = [options.ringBytes, options.seed + 1, records].map(String);
	const child = spawn(process.execPath, [PEER, ...args], { stdio: ['ignore', 'pipe', 'inherit', 'pipe', fd] });
	closeSync(fd);
	return { region, child, bell: new SocketStressBell(child.stdio[BELL_FD] as Duplex), closed: once(child, 'close') };
}

/** This process and another one, which parks at times; both close in order. */
export async function processRound(libc: Libc, options: RoundOptions, tally: RoundTally): Promise<void> {
	const { region, child, bell, closed } = start(libc, options, options.records);
	const peer = new Peer({ region, endpoint: 0, bell, seed: options.seed, records: options.records, mayPark: false });
	const round = Promise.all([peer.run(), text(child.stdout!), closed]);
	const [mine, output, [code, signal]] = await withTimeout(round, options, () => child.kill('SIGKILL'));
	if (code !== 0) throw new Error(`the other process ended with ${String(code ?? signal)}`);
	checkCompleted(region, [mine, JSON.parse(output) as PeerResult], options, tally);
	region.release();
}

/** A process that is killed at a random instant; this one survives. */
export async function killRound(libc: Libc, options: RoundOptions, tally: RoundTally): Promise<void> {
	const { region, child, bell, closed } = start(libc, options, Number.POSITIVE_INFINITY);
	const round = survive(region, bell, options, () => child.kill('SIGKILL'), tally);
	const [, [code, signal]] = await withTimeout(Promise.all([round, closed]), options, () => child.kill('SIGKILL'));
	if (signal !== 'SIGKILL') throw new Error(`the other process ended with ${String(code ?? signal)} before it was killed`);
	region.release();
}
