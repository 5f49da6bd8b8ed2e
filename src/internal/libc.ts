import { createRequire } from 'node:module';
import { constants } from 'node:os';

/*
 * The few functions of the C library that Node does not offer, reached through koffi (optional dependency).
 *
 * Loading costs some 6 ms, so it happens at the first use, and only where a process needs memory shared with another one.
 * Anything that fails here is a reason for the pipe, never an error of its own.
 */

/** Says which function of the C library failed and why, by the name that manuals have for it: EMFILE, not 24. */
export function failedCall(call: string, errno: number): Error {
	const name = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0];
	return Object.assign(new Error(`${call}() failed with ${name ?? `errno ${errno}`}`), { errno: -errno, code: name });
}

/** A machine address. */
export type Address = bigint;

/** Functions of the C library, with failures turned into exceptions that name the call and errno. */
export interface Libc {
	/** Creates anonymous memory of `bytes`, backed at once (no SIGBUS later), sealed against shrinking. Returns its descriptor. */
	createMemory(name: string, bytes: number): number;
	/** Closes a descriptor of {@link createMemory}: fs.closeSync() in a thread warns of one that fs did not open. */
	close(fd: number): void;
	/** Maps the first `bytes` of descriptor `fd`, shared and writable. */
	map(fd: number, bytes: number): { address: Address; memory: ArrayBuffer };
	/** Gives the memory behind a mapping back and leaves zero pages in its place, so that a stale view stays harmless. */
	unmap(address: Address, bytes: number): void;
	/** Parks this thread until the 32-bit word at `address` is woken, if it still holds `expected`. False after `timeout` ms. */
	futexWait(address: Address, expected: number, timeout: number): boolean;
	/** Wakes every thread parked on the word at `address`. */
	futexWake(address: Address): void;
	/** Writes one byte to `fd` unless it is full or its other end is gone: half the price of fs.writeSync(), which builds errors. */
	writeByte(fd: number): void;
	/** Asks the kernel to SIGKILL this process when the thread that forked it ends. */
	dieWithParent(): void;
}

/** The C library, or why it cannot be used here. */
export type LibcResult =
	| { readonly libc: Libc; readonly reason?: undefined }
	| { readonly libc: undefined; readonly reason: string };

const FUTEX_SYSCALL: Readonly<Record<string, number>> = { x64: 202, arm64: 98 };
const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const ETIMEDOUT = 110;
const MFD_CLOEXEC = 1;
const MFD_ALLOW_SEALING = 2;
const F_ADD_SEALS = 1033;
const F_SEAL_SHRINK = 2;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_PRIVATE_ANONYMOUS_FIXED_NORESERVE = 0x2 | 0x20 | 0x10 | 0x4000;
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;
const ALL_WAITERS = 0x7fffffff;

let cached: LibcResult | undefined;

/** Loads the C library once per thread; the result says why it is missing when it is. */
export function loadLibc(): LibcResult {
	cached ??= tryLoad();
	return cached;
}

function tryLoad(): LibcResult {
	if (process.platform !== 'linux')
		return { libc: undefined, reason: `shared memory for processes needs Linux, this is ${process.platform}` };
	const futex = FUTEX_SYSCALL[process.arch];
	if (futex === undefined) return { libc: undefined, reason: `the futex call is not known for ${process.arch}` };
	try {
		const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
		return { libc: bind(koffi, futex) };
	} catch (error) {
		return { libc: undefined, reason: `koffi could not be loaded (${firstLine(error)})` };
	}
}

function bind(koffi: typeof import('koffi'), futex: number): Libc {
	const lib = koffi.load('libc.so.6');
	const memfdCreate = lib.func('int memfd_create(const char *name, unsigned int flags)');
	const ftruncate = lib.func('int ftruncate(int fd, int64 length)');
	const fallocate = lib.func('int posix_fallocate(int fd, int64 offset, int64 length)');
	const fcntl = lib.func('int fcntl(int fd, int command, ...)');
	const mmap = lib.func('void *mmap(void *address, size_t length, int prot, int flags, int fd, int64 offset)');
	const syscall = lib.func('long syscall(long number, void *word, int op, int value, void *timeout, void *word2, int value3)');
	const prctl = lib.func('int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)');
	const close = lib.func('int close(int fd)');
	const write = lib.func('long write(int fd, const void *bytes, size_t count)');
	const oneByte = Buffer.of(1);

	const fail = (call: string, errno = koffi.errno()): never => {
		throw failedCall(call, errno);
	};
	/** mmap reports failure as -1, which koffi gives as an address; koffi's own example tests for null and misses it. */
	const checkMap = (address: Address): Address => (BigInt.asIntN(64, address) === -1n ? fail('mmap') : address);
	const timespec = Buffer.alloc(16);

	return {
		createMemory(name, bytes) {
			const fd = memfdCreate(name, MFD_CLOEXEC | MFD_ALLOW_SEALING) as number;
			if (fd < 0) fail('memfd_create');
			try {
				if ((ftruncate(fd, bytes) as number) !== 0) fail('ftruncate');
				// posix_fallocate returns the error instead of setting errno.
				const refused = fallocate(fd, 0, bytes) as number;
				if (refused !== 0) fail('posix_fallocate', refused);
				fcntl(fd, F_ADD_SEALS, 'int', F_SEAL_SHRINK);
				return fd;
			} catch (error) {
				close(fd);
				throw error;
			}
		},
		close(fd) {
			close(fd);
		},
		map(fd, bytes) {
			const address = checkMap(mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0) as Address);
			return { address, memory: koffi.view(address, bytes) };
		},
		unmap(address, bytes) {
			checkMap(mmap(address, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_FIXED_NORESERVE, -1, 0) as Address);
		},
		futexWait(address, expected, timeout) {
			let limit: Buffer | null = null;
			if (timeout !== Number.POSITIVE_INFINITY) {
				timespec.writeBigInt64LE(BigInt(Math.floor(timeout / 1000)), 0);
				timespec.writeBigInt64LE(BigInt(Math.floor((timeout % 1000) * 1e6)), 8);
				limit = timespec;
			}
			const result = syscall(futex, address, FUTEX_WAIT, expected, limit, null, 0) as number;
			return !(result === -1 && koffi.errno() === ETIMEDOUT);
		},
		futexWake(address) {
			syscall(futex, address, FUTEX_WAKE, ALL_WAITERS, null, null, 0);
		},
		writeByte(fd) {
			write(fd, oneByte, 1);
		},
		dieWithParent() {
			if ((prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) as number) !== 0) fail('prctl');
		},
	};
}

function firstLine(error: unknown): string {
	return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
