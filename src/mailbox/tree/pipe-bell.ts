import { constants, fstatSync, openSync } from 'node:fs';
import { isMainThread, Worker } from 'node:worker_threads';

import type { Address } from '../../internal/libc.ts';
import { ownModule } from '../../internal/own-module.ts';
import type { TreeMemory } from '../../internal/tree-memory.ts';
import { type BellSocket, openSocket } from '../../transport/index.ts';
import { layout } from '../store/index.ts';
import { FarPipes } from './far-pipes.ts';
import type { TreeBell } from './tree-bell.ts';

/** What the helper that wakes a parked thread is handed. */
export interface RingerLaunch {
	readonly fd: number;
	readonly bells: SharedArrayBuffer;
	readonly slot: number;
}

/** The store as its bells need it. */
export interface PipeBellOptions {
	readonly memory: TreeMemory;
	readonly words: Int32Array;
	readonly address: Address;
	/** A word for each slot, which the threads of this process share: Atomics.wait cannot wait on mapped memory. */
	readonly bells: SharedArrayBuffer;
}

/**
 * Bells between processes: a pipe for the event loop, which others open through /proc, a futex for a process that is parked.
 *
 * A thread must not park in a futex, for it could not be terminated: it waits on memory of its process. Other threads there wake it
 * directly; for other processes, a helper thread reads one more pipe and wakes it.
 */
export class PipeBell implements TreeBell {
	readonly #memory: TreeMemory;
	readonly #words: Int32Array;
	readonly #address: Address;
	readonly #bells: Int32Array;
	readonly #shared: SharedArrayBuffer;
	readonly #farPipes: FarPipes;
	#socket: BellSocket | undefined;
	#hasRinger = false;

	constructor({ memory, words, address, bells }: PipeBellOptions) {
		this.#memory = memory;
		this.#words = words;
		this.#address = address;
		this.#shared = bells;
		this.#bells = new Int32Array(bells);
		this.#farPipes = new FarPipes(words, memory.libc.writeByte);
	}

	ring(slot: number, sleep: number): void {
		const at = layout.slotAt(slot);
		if (sleep === layout.ASLEEP) this.#farPipes.ring(slot, layout.SLOT_PIPE);
		else if (this.#words[at + layout.SLOT_THREAD] === 0) this.#wakeProcess(at + layout.SLOT_BELL);
		else if (this.#words[at + layout.SLOT_PID] === process.pid) wakeThread(this.#bells, slot);
		else this.#farPipes.ring(slot, layout.SLOT_PARK_PIPE);
	}

	openLoop(_slot: number, onRing: () => void): ReadonlyMap<number, number> {
		const { read, facts } = this.#openPipe(layout.SLOT_PIPE);
		const onread = { buffer: Buffer.alloc(64), callback: () => (onRing(), true) };
		const socket: BellSocket = openSocket({ fd: read, readable: true, writable: false, onread } as Parameters<
			typeof openSocket
		>[0]);
		socket.resume();
		socket.unref?.();
		this.#socket = socket;
		return facts;
	}

	/** Needed by threads only, and only once there are processes in the tree. */
	openPark(slot: number): ReadonlyMap<number, number> | undefined {
		if (isMainThread || this.#hasRinger || this.#words[layout.HAS_PROCESSES] === 0) return undefined;
		this.#hasRinger = true;
		const { read, facts } = this.#openPipe(layout.SLOT_PARK_PIPE);
		const workerData: RingerLaunch = { fd: read, bells: this.#shared, slot };
		new Worker(new URL(ownModule('#mailbox-ringer')), { workerData, execArgv: [] }).unref();
		return facts;
	}

	parkWord(slot: number): number {
		// Pairs with the adds in #wakeProcess() and wakeThread().
		return isMainThread ? Atomics.load(this.#words, layout.slotAt(slot) + layout.SLOT_BELL) : Atomics.load(this.#bells, slot);
	}

	park(slot: number, seen: number, timeLeft: number): void {
		const timeout = Math.min(timeLeft, this.#farPipes.retry());
		if (isMainThread) {
			this.#memory.libc.futexWait(this.#addressOf(layout.slotAt(slot) + layout.SLOT_BELL), seen, timeout);
			return;
		}
		// Woken by the notify in wakeThread().
		Atomics.wait(this.#bells, slot, seen, timeout);
	}

	setRef(isRefd: boolean): void {
		if (isRefd) this.#socket?.ref?.();
		else this.#socket?.unref?.();
	}

	#wakeProcess(word: number): void {
		// Changes the word that the parked process waits on, then wakes it: pairs with the load in parkWord().
		Atomics.add(this.#words, word, 1);
		this.#memory.libc.futexWake(this.#addressOf(word));
	}

	#addressOf(word: number): Address {
		return this.#address + BigInt(word * 4);
	}

	/** Makes a pipe whose ends are closed when this thread ends: Node sees to descriptors that it opened itself. */
	#openPipe(word: number): { read: number; facts: ReadonlyMap<number, number> } {
		const { O_WRONLY, O_NONBLOCK } = constants;
		const ends = this.#memory.pipe();
		try {
			const write = openSync(`/proc/self/fd/${ends.write}`, O_WRONLY | O_NONBLOCK);
			const inode = fstatSync(write).ino | 0;
			return {
				// The socket that reads from it closes it.
				read: ends.read,
				facts: new Map([
					[word, write],
					[word + 1, inode],
				]),
			};
		} finally {
			this.#memory.libc.close(ends.write);
		}
	}
}

/** Wakes the parked thread of a slot in this process. */
export function wakeThread(bells: Int32Array, slot: number): void {
	// Changes the word that the thread waits on, then wakes it: pairs with parkWord() and the wait in park().
	Atomics.add(bells, slot, 1);
	Atomics.notify(bells, slot);
}
