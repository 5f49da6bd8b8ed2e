import { createRequire } from 'node:module';

import { type Address, failedCall, type Libc, loadLibc } from './libc.ts';

/*
 * Memory that a whole tree of processes shares, and what guards and wakes there: a robust mutex and pipes. All of it through
 * koffi, as in libc.ts; apart from that, for only a tree with mailboxes needs it.
 */

/** What {@link loadTreeMemory} offers in addition to {@link Libc}. Failures are exceptions that name the call. */
export interface TreeMemory {
	readonly libc: Libc;
	/** Creates anonymous memory of `bytes` that takes none until it is {@link back}ed. Returns its descriptor. */
	createSparse(name: string, bytes: number): number;
	/** Backs a range of it, so that touching it cannot fail later. False when the machine has no memory left. */
	back(fd: number, offset: number, bytes: number): boolean;
	/** The memory at an address that another thread of this process has mapped. */
	view(address: Address, bytes: number): ArrayBuffer;
	/** Makes the words at `address` a mutex between processes that tells when its owner has died. */
	initialiseMutex(address: Address): void;
	/** Tries to take the mutex. `recovered`: it is taken, and its former owner died while it had it. Never waits. */
	tryLock(address: Address): 'taken' | 'recovered' | 'busy';
	/** Gives the mutex back. */
	unlock(address: Address): void;
	/** Lets other threads that are ready to run on this processor go first. */
	giveWay(): void;
	/** Creates a pipe whose ends do not block. */
	pipe(): { readonly read: number; readonly write: number };
}

/** The functions, or why they cannot be used here. */
export type TreeMemoryResult = { readonly memory: TreeMemory } | { readonly memory: undefined; readonly reason: string };

const MFD_CLOEXEC = 1;
const PTHREAD_PROCESS_SHARED = 1;
const PTHREAD_MUTEX_ROBUST = 1;
const EBUSY = 16;
const EOWNERDEAD = 130;
const O_CLOEXEC_NONBLOCK = 0o2000000 | 0o4000;
/** Bytes that hold a pthread_mutexattr_t everywhere. */
const ATTRIBUTE_BYTES = 64;

let cached: TreeMemoryResult | undefined;

/** Loads the functions once per thread; the result says why they are missing when they are. */
export function loadTreeMemory(): TreeMemoryResult {
	cached ??= tryLoad();
	return cached;
}

function tryLoad(): TreeMemoryResult {
	const { libc, reason } = loadLibc();
	if (!libc) return { memory: undefined, reason };
	try {
		return { memory: bind(createRequire(import.meta.url)('koffi') as typeof import('koffi'), libc) };
	} catch (error) {
		return { memory: undefined, reason: `the C library offers no robust mutex (${(error as Error).message})` };
	}
}

function bind(koffi: typeof import('koffi'), libc: Libc): TreeMemory {
	const lib = koffi.load('libc.so.6');
	const memfdCreate = lib.func('int memfd_create(const char *name, unsigned int flags)');
	const ftruncate = lib.func('int ftruncate(int fd, int64 length)');
	const fallocate = lib.func('int posix_fallocate(int fd, int64 offset, int64 length)');
	const schedYield = lib.func('int sched_yield()');
	const pipe2 = lib.func('int pipe2(void *ends, int flags)');
	// The functions for mutexes return the error, the others -1.
	const check = (call: string, result: unknown): void => {
		if (result !== 0) throw failedCall(call, (result as number) > 0 ? (result as number) : koffi.errno());
	};
	return {
		libc,
		createSparse(name, bytes) {
			const fd = memfdCreate(name, MFD_CLOEXEC) as number;
			if (fd < 0) check('memfd_create', fd);
			const result: unknown = ftruncate(fd, bytes);
			if (result === 0) return fd;
			const error = failedCall('ftruncate', koffi.errno());
			libc.close(fd);
			throw error;
		},
		back: (fd, offset, bytes) => fallocate(fd, offset, bytes) === 0,
		view: (address, bytes) => koffi.view(address, bytes),
		giveWay: () => void schedYield(),
		pipe() {
			const ends = Buffer.alloc(8);
			check('pipe2', pipe2(ends, O_CLOEXEC_NONBLOCK));
			return { read: ends.readInt32LE(0), write: ends.readInt32LE(4) };
		},
		...bindMutex(lib, check),
	};
}

function bindMutex(
	lib: ReturnType<typeof import('koffi')['load']>,
	check: (call: string, result: unknown) => void,
): Pick<TreeMemory, 'initialiseMutex' | 'tryLock' | 'unlock'> {
	const attributes = lib.func('int pthread_mutexattr_init(void *attributes)');
	const setShared = lib.func('int pthread_mutexattr_setpshared(void *attributes, int shared)');
	const setRobust = lib.func('int pthread_mutexattr_setrobust(void *attributes, int robust)');
	const initialise = lib.func('int pthread_mutex_init(void *mutex, void *attributes)');
	const tryLock = lib.func('int pthread_mutex_trylock(void *mutex)');
	const makeConsistent = lib.func('int pthread_mutex_consistent(void *mutex)');
	const unlock = lib.func('int pthread_mutex_unlock(void *mutex)');
	return {
		initialiseMutex(address) {
			const memory = Buffer.alloc(ATTRIBUTE_BYTES);
			check('pthread_mutexattr_init', attributes(memory));
			check('pthread_mutexattr_setpshared', setShared(memory, PTHREAD_PROCESS_SHARED));
			check('pthread_mutexattr_setrobust', setRobust(memory, PTHREAD_MUTEX_ROBUST));
			check('pthread_mutex_init', initialise(address, memory));
		},
		tryLock(address) {
			const result = tryLock(address) as number;
			if (result === 0) return 'taken';
			if (result === EBUSY) return 'busy';
			if (result !== EOWNERDEAD) check('pthread_mutex_trylock', result);
			check('pthread_mutex_consistent', makeConsistent(address));
			return 'recovered';
		},
		unlock(address) {
			check('pthread_mutex_unlock', unlock(address));
		},
	};
}
