import { PassThrough, type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import type { Options as ExecaOptions, ResultPromise } from 'execa';

import { TransportUnavailableError, WorkerStartError } from '../errors/index.ts';
import { loadLibc } from '../internal/libc.ts';
import { ownModule } from '../internal/own-module.ts';
import { PipedTail } from '../internal/stderr-tail.ts';
import type { ProcessLaunch } from '../messenger/index.ts';
import { createMappedRegion, type MappedRegion } from '../ringbuf/index.ts';
import {
	type BellListener,
	type BellSocket,
	type ChannelListener,
	type Choice,
	choose,
	readOffer,
	RingTransport,
	sendChoice,
	SocketBell,
	SocketChannel,
	StreamTransport,
} from '../transport/index.ts';
import { inheritedExecArgv } from './exec-argv.ts';
import type { Backend, LaunchSpec, RawExit, StartedWorker } from './backend.ts';

/** How long after its exit a worker's stderr is waited for: whoever inherited it from the worker may keep it open, in ms. */
const STDERR_GRACE_MS = 100;

type Execa = typeof import('execa')['execa'];

/** Memory for the link, or why there is none. */
type Memory = { readonly region: MappedRegion; readonly fd: number } | { readonly reason: string };

/** Starts child processes through execa; memory for the link is inherited as a descriptor, a socket is bell and fallback. */
export const processBackend: Backend = {
	async start(spec) {
		// Loaded at the first start: neither a worker nor a program that starts none should pay for execa. Not by require(), whose
		// loader under tsx cannot load modules that exist for import only.
		const { execa } = await import('execa');
		spec.signal.throwIfAborted();
		const memory = spec.transport === 'pipe' ? { reason: "the option `transport: 'pipe'` asks for it" } : createMemory(spec);
		const process = spawnWorker(execa, spec, memory);
		try {
			return await process.negotiate(spec, memory);
		} catch (error) {
			process.kill();
			await process.exited;
			if ('region' in memory) memory.region.release();
			throw error;
		}
	},
};

/** Spawns the process, which inherits the memory: its descriptor is not needed here any more, whatever comes of it. */
function spawnWorker(...[execa, spec, memory]: ConstructorParameters<typeof WorkerProcess>): WorkerProcess {
	try {
		return new WorkerProcess(execa, spec, memory);
	} catch (error) {
		if ('region' in memory) memory.region.release();
		throw new WorkerStartError(spec.name, `its process could not be spawned: ${(error as Error).message}`, { cause: error });
	} finally {
		if ('fd' in memory) loadLibc().libc?.close(memory.fd);
	}
}

function createMemory({ terms }: LaunchSpec): Memory {
	const { libc, reason } = loadLibc();
	if (!libc) return { reason };
	try {
		return createMappedRegion(libc, terms.ringBytes);
	} catch (error) {
		return { reason: (error as Error).message };
	}
}

/** A child process with its socket, from its first instant to its last. */
class WorkerProcess implements StartedWorker {
	readonly pid: number | undefined;
	readonly threadId: undefined;
	readonly stdout: Readable | null;
	readonly stderr: Readable | null;
	readonly exited: Promise<RawExit>;
	transport: Choice = { kind: 'pipe', reason: 'not decided yet' };
	open: StartedWorker['open'] = () => {
		throw new Error('the transport is not decided yet');
	};
	readonly #child: ResultPromise;
	readonly #socket: BellSocket;

	constructor(execa: Execa, spec: LaunchSpec, memory: Memory) {
		const child = spawn(execa, spec, memory);
		const tail = new PipedTail();
		this.#child = child;
		this.#socket = child.stdio[3];
		this.pid = child.pid;
		this.stdout = spec.stdio.stdout === 'pipe' ? keptFor(child.stdout) : null;
		this.stderr = spec.stdio.stderr === 'pipe' ? keptFor(child.stderr) : null;
		if (spec.stdio.stdout === 'stderr') child.stdout?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
		child.stderr?.on('data', (chunk: Buffer) => {
			tail.write(chunk);
			if (spec.stdio.stderr === 'inherit') process.stderr.write(chunk);
		});
		this.exited = this.#watch(tail);
	}

	/** Agrees with the worker on a transport. */
	async negotiate(spec: LaunchSpec, memory: Memory): Promise<this> {
		const offer = await Promise.race([readOffer(this.#socket), rejectOnAbort(spec.signal)]);
		if (!offer) throw await this.#diedAtStart(spec.name);
		const region = 'region' in memory ? memory.region : undefined;
		const choice = choose(offer, region?.nonce, 'reason' in memory ? memory.reason : '');
		if (choice.kind !== 'ring' && spec.transport === 'ring')
			throw new TransportUnavailableError({ transport: 'ring', reason: choice.reason });
		sendChoice(this.#socket, choice);
		this.transport = choice;
		if (choice.kind === 'pipe') region?.release();
		this.open = opener(spec, this.#socket, choice, choice.kind === 'ring' ? region : undefined);
		return this;
	}

	terminate(): void {
		this.#child.kill('SIGTERM');
	}

	kill(): void {
		this.#child.kill('SIGKILL');
	}

	ref(): void {
		this.#child.ref();
		for (const stream of this.#child.stdio) (stream as BellSocket | null)?.ref?.();
	}

	unref(): void {
		this.#child.unref();
		for (const stream of this.#child.stdio) (stream as BellSocket | null)?.unref?.();
	}

	release(): void {
		if (this.stdout?.readableFlowing === null) this.#child.stdout?.destroy();
		if (this.stderr?.readableFlowing === null) this.#child.stderr?.destroy();
	}

	async #watch(tail: PipedTail): Promise<RawExit> {
		const child = this.#child;
		const closed = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
		const exit = await new Promise<RawExit>((resolve) => {
			child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
			child.once('error', (error) => resolve({ exitCode: null, signal: null, error }));
			// A spawn that fails emits no 'exit'; execa's own promise settles then, and it never rejects here.
			void child.then(
				(result) => result.exitCode === undefined && !result.signal && resolve({ exitCode: null, signal: null, error: result }),
			);
		});
		// What was in the socket when the worker died is read before 'close': only then is the end told.
		this.#socket.resume();
		if (child.pid !== undefined) await closed;
		await stderrRead(child.stderr);
		const stderr = tail.text();
		return stderr === '' ? exit : { ...exit, stderr };
	}

	async #diedAtStart(name: string): Promise<WorkerStartError> {
		const { exitCode, signal, stderr, error } = await this.exited;
		const how = signal ? `by signal ${signal}` : `with exit code ${String(exitCode)}`;
		const last = stderr ? `. Its stderr said: ${stderr}` : '';
		return new WorkerStartError(
			name,
			`its process ended ${how} before it said hello${last}`,
			error === undefined ? undefined : { cause: error },
		);
	}
}

function spawn(execa: Execa, spec: LaunchSpec, memory: Memory): ResultPromise {
	const hasMemory = 'fd' in memory;
	const launch: ProcessLaunch = { role: 'process', terms: spec.terms, hostPid: process.pid, hasMemory };
	const { stdout, stderr } = spec.stdio;
	const options: ExecaOptions = {
		stdio: [
			'ignore',
			stdout === 'stderr' ? 'pipe' : stdout,
			stderr === 'ignore' ? 'ignore' : 'pipe',
			'pipe',
			...(hasMemory ? [memory.fd] : []),
		] as never,
		env: spec.env,
		extendEnv: true,
		buffer: false,
		reject: false,
		// The worker sees to it itself that it does not outlive its host; execa's way would change how the host handles signals.
		cleanup: false,
		windowsHide: true,
	};
	const bootstrap = fileURLToPath(ownModule('#bootstrap'));
	return execa(
		process.execPath,
		[...(spec.execArgv ?? inheritedExecArgv()), bootstrap, JSON.stringify(launch)],
		options,
	) as ResultPromise;
}

/** Makes the transport that was chosen: over the memory that both sides mapped, or over the socket alone. */
function opener(
	{ terms }: LaunchSpec,
	socket: BellSocket,
	{ reason }: Choice,
	region: MappedRegion | undefined,
): StartedWorker['open'] {
	const { latency, ringBytes, limits } = terms;
	const { maxMessageBytes } = limits;
	if (!region) {
		const channel = (listener: ChannelListener): SocketChannel => new SocketChannel(socket, listener);
		return (sink) => new StreamTransport({ channel, sink, ringBytes, maxMessageBytes, kind: 'pipe', reason });
	}
	const bell = (listener: BellListener): SocketBell => new SocketBell(socket, listener);
	return (sink) => new RingTransport({ region, endpoint: 0, sink, bell, latency, maxMessageBytes, kind: 'ring', reason });
}

/** Keeps what is printed before the program that started the worker can look: execa lets what nobody reads run out. */
function keptFor(stream: Readable | null): Readable | null {
	return stream?.pipe(new PassThrough()) ?? null;
}

/** Resolves when stderr has been read to its end, or shortly after when somebody else holds it open. */
function stderrRead(stderr: Readable | null): Promise<void> {
	if (!stderr || stderr.readableEnded || stderr.destroyed) return Promise.resolve();
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, STDERR_GRACE_MS);
		stderr.once('close', () => {
			clearTimeout(timer);
			resolve();
		});
	});
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		if (signal.aborted) reject(signal.reason as Error);
		signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
	});
}
