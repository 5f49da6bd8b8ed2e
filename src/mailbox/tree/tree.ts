import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';

import { MailboxUnavailableError } from '../../errors/index.ts';
import type { Address } from '../../internal/libc.ts';
import { loadTreeMemory, type TreeMemory } from '../../internal/tree-memory.ts';
import { layout, type StoreMemory, TagStore } from '../store/index.ts';
import { ChannelBell } from './channel-bell.ts';
import { MutexLock } from './mutex-lock.ts';
import { OwnerLock, ownTaskId } from './owner-lock.ts';
import { PipeBell } from './pipe-bell.ts';
import type { TreeBell } from './tree-bell.ts';

/** Memory that a tree may take in all, in bytes; it is taken as it is needed. Less, where so many addresses are not to be had. */
const TREE_BYTES = [2 ** 31 - 65_536, 2 ** 28, 2 ** 25];
/** How long after the end of its host a process may go on, until its slot is looked at again, in milliseconds. */
const GONE_RETRY_MS = 20;

/** What a worker needs to take part. */
export type TreeTicket =
	| { readonly mode: 'threads'; readonly memory: SharedArrayBuffer; readonly parent: number }
	| { readonly mode: 'mapped'; readonly pid: number; readonly map: MapOrder; readonly parent: number; readonly inside?: Inside }
	/** No memory: the host of the worker does everything. */
	| { readonly mode: 'broker' }
	| { readonly mode: 'none'; readonly why: string };

/** A ticket that lets a worker share memory. */
export type MemoryTicket = Extract<TreeTicket, { readonly parent: number }>;

/** The memory of a tree in the process that made it. */
interface MapOrder {
	readonly fd: number;
	readonly bytes: number;
}

/** What threads of one process share in addition. */
interface Inside {
	readonly address: Address;
	readonly bells: SharedArrayBuffer;
}

/** What the memory of a tree is for one participant. */
interface Access {
	readonly memory: Omit<StoreMemory, 'ring'>;
	readonly bell: TreeBell;
	readonly ownerLock?: OwnerLock;
	ticket(parent: number, isThread: boolean): TreeTicket;
}

/** The mailboxes of a tree, as one participant has them. */
export class Tree {
	readonly store: TagStore;
	readonly bell: TreeBell;
	/** This participant's slot. */
	readonly slot: number;
	/** Called when this participant itself is to be woken. */
	onOwnRing: () => void = () => {};
	readonly #access: Access;

	/** Makes the memory of a new tree, or gets at that of the ticket. Throws MailboxUnavailableError. */
	constructor(ticket?: MemoryTicket) {
		this.#access = ticket ? accessBy(ticket) : createAccess();
		this.bell = this.#access.bell;
		const ring = (slot: number, sleep: number): void => {
			if (slot === this.slot) queueMicrotask(() => this.onOwnRing());
			else this.bell.ring(slot, sleep);
		};
		this.store = new TagStore({ ...this.#access.memory, ring });
		const own = this.store.join({ pid: process.pid, threadId, taskId: ownTaskId(), parent: ticket?.parent });
		if (own === undefined) throw new MailboxUnavailableError({ why: 'too many threads and processes take part' });
		this.slot = own;
	}

	/** What a worker needs to take part. */
	ticketFor(isThread: boolean): TreeTicket {
		if (!isThread) this.store.announceProcesses();
		return this.#access.ticket(this.slot, isThread);
	}

	/** Takes the slots of a worker that has ended, and of all that it had started. */
	workerEnded({ pid, threadId: thread }: { readonly pid: number | undefined; readonly threadId: number | undefined }): void {
		if (thread !== undefined) this.#access.ownerLock?.bury(thread);
		const isDead = (slotPid: number, slotThread: number): boolean =>
			pid === undefined ? slotPid === process.pid && slotThread === thread : slotPid === pid;
		this.#release(this.store.slotsOf(isDead));
	}

	/** A process that its host's death is about to kill may still be writing: its slot is taken when it is gone. */
	#release(slots: readonly number[]): void {
		const left = slots.filter((slot) => {
			if (isRunning(this.store.pidOf(slot))) return true;
			this.store.release(slot);
			return false;
		});
		if (left.length > 0) setTimeout(() => this.#release(left), GONE_RETRY_MS);
	}
}

/** True when another process runs; a zombie does not. Threads of this process whose exit was told do not, either. */
function isRunning(pid: number): boolean {
	if (pid === process.pid || !existsSync('/proc/self/stat')) return false;
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
	} catch {
		return false;
	}
}

function createAccess(): Access {
	const { memory } = loadTreeMemory();
	return firstOf(TREE_BYTES, (bytes) => {
		if (!memory) return sharedAccess(initialise(new SharedArrayBuffer(bytes)));
		const fd = memory.createSparse('coproc-mailboxes', bytes);
		try {
			if (!memory.back(fd, 0, layout.ARENA * 4)) throw new Error('the machine has no memory left');
			const { address, memory: buffer } = memory.libc.map(fd, bytes);
			initialise(buffer);
			memory.initialiseMutex(address + BigInt(layout.LOCK * 4));
			return mappedAccess(memory, { fd, bytes }, buffer, { address, bells: newBells() });
		} catch (error) {
			memory.libc.close(fd);
			throw error;
		}
	});
}

/** What `make` makes of the first size for which it does not throw. */
function firstOf<T>(sizes: readonly number[], make: (bytes: number) => T): T {
	let why = '';
	for (const bytes of sizes) {
		try {
			return make(bytes);
		} catch (error) {
			why = (error as Error).message;
		}
	}
	throw new MailboxUnavailableError({ why: `their memory cannot be made: ${why}` });
}

function accessBy(ticket: MemoryTicket): Access {
	if (ticket.mode === 'threads') return sharedAccess(ticket.memory);
	const { memory } = loadTreeMemory();
	if (!memory) throw new MailboxUnavailableError({ why: 'koffi cannot be loaded here, though it could be in the host' });
	const { inside, map, pid } = ticket;
	if (inside) return mappedAccess(memory, map, memory.view(inside.address, map.bytes), inside);
	const fd = openSync(`/proc/${pid}/fd/${map.fd}`, 'r+');
	try {
		const { address, memory: buffer } = memory.libc.map(fd, map.bytes);
		return mappedAccess(memory, { fd, bytes: map.bytes }, buffer, { address, bells: newBells() });
	} catch (error) {
		closeSync(fd);
		throw error;
	}
}

function newBells(): SharedArrayBuffer {
	return new SharedArrayBuffer(layout.MAX_SLOTS * 4);
}

function sharedAccess(memory: SharedArrayBuffer): Access {
	const words = new Int32Array(memory);
	const ownerLock = new OwnerLock(words);
	return {
		memory: { words, bytes: Buffer.from(memory), lock: ownerLock, back: () => true },
		bell: new ChannelBell(words, String(words[layout.TREE_ID])),
		ownerLock,
		ticket: (parent, isThread) => (isThread ? { mode: 'threads', memory, parent } : { mode: 'broker' }),
	};
}

function mappedAccess(memory: TreeMemory, map: MapOrder, buffer: ArrayBuffer, inside: Inside): Access {
	const words = new Int32Array(buffer);
	const { address, bells } = inside;
	return {
		memory: {
			words,
			bytes: Buffer.from(buffer),
			lock: new MutexLock(memory, address + BigInt(layout.LOCK * 4)),
			back: (from, to) => memory.back(map.fd, from * 4, (to - from) * 4),
		},
		bell: new PipeBell({ memory, words, address, bells }),
		ticket: (parent, isThread) => ({ mode: 'mapped', pid: process.pid, map, parent, ...(isThread && { inside }) }),
	};
}

function initialise<T extends ArrayBuffer | SharedArrayBuffer>(buffer: T): T {
	const words = new Int32Array(buffer);
	words[layout.MAGIC_INDEX] = layout.MAGIC;
	words[layout.VERSION_INDEX] = layout.VERSION;
	words[layout.END_INDEX] = words.length;
	words[layout.TREE_ID] = Math.floor(Math.random() * 2 ** 31);
	words[layout.FRESH] = layout.ARENA;
	words[layout.BACKED] = layout.ARENA;
	return buffer;
}
