import type { Readable } from 'node:stream';
import { type TransferListItem, Worker } from 'node:worker_threads';

import { WorkerStartError } from '../errors/index.ts';
import { ownModule } from '../internal/own-module.ts';
import { SharedTail } from '../internal/stderr-tail.ts';
import type { ThreadLaunch } from '../messenger/index.ts';
import { createSharedRegion, type Region } from '../ringbuf/index.ts';
import {
	type FrameSink,
	type LinkPorts,
	listPorts,
	makeLinkPorts,
	PORT_WAKE_BYTES,
	PortBell,
	PortChannel,
	RingTransport,
	StreamTransport,
	type Transport,
	type TransportInfo,
} from '../transport/index.ts';
import type { Backend, LaunchSpec, RawExit, StartedWorker } from './backend.ts';
import { inheritedExecArgv } from './exec-argv.ts';

/** Options followed by the module or condition that they name. */
const LOADS = /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions)$/;
/** Options that a thread may have, and that its target may need to load. */
const OF_THREADS = /^(-r|-C|--(require|import|loader|experimental-loader|conditions|enable-source-maps|no-warnings)(=.*)?)$/;

/** Starts worker threads; memory for the link is a SharedArrayBuffer, a MessagePort is bell and fallback. */
export const threadBackend: Backend = {
	async start(spec) {
		return new WorkerThread(spec);
	},
};

/** A worker thread, from its first instant to its last. */
class WorkerThread implements StartedWorker {
	readonly pid: undefined;
	readonly threadId: number | undefined;
	readonly transport: TransportInfo;
	readonly stdout: Readable | null;
	readonly stderr: Readable | null;
	readonly exited: Promise<RawExit>;
	readonly #worker: Worker;
	readonly #ports: LinkPorts;
	readonly #memory: SharedArrayBuffer;
	readonly #region: Region | undefined;
	readonly #spec: LaunchSpec;

	constructor(spec: LaunchSpec) {
		const usesRing = spec.transport !== 'pipe';
		const [own, theirs] = makeLinkPorts();
		const shared = usesRing ? createSharedRegion(spec.terms.ringBytes) : undefined;
		this.#spec = spec;
		this.#ports = own;
		this.#region = shared?.region;
		this.#memory = shared?.memory ?? new SharedArrayBuffer(PORT_WAKE_BYTES);
		this.transport = usesRing
			? { kind: 'ring', reason: 'threads share the memory of their process' }
			: { kind: 'port', reason: "the option `transport: 'pipe'` asks for it" };
		const tail = new SharedTail();
		this.#worker = startThread(spec, {
			ports: theirs,
			memory: this.#memory,
			stderrTail: tail.memory,
			...this.transport,
		} as ThreadLaunch);
		this.threadId = this.#worker.threadId;
		this.stdout = spec.stdio.stdout === 'pipe' ? this.#worker.stdout : null;
		this.stderr = spec.stdio.stderr === 'pipe' ? this.#worker.stderr : null;
		// A stream that nobody reads would hold back what the thread prints.
		if (spec.stdio.stdout === 'stderr') this.#worker.stdout.on('data', (chunk: Buffer) => process.stderr.write(chunk));
		if (spec.stdio.stdout === 'ignore') this.#worker.stdout.resume();
		if (spec.stdio.stderr === 'ignore') this.#worker.stderr.resume();
		this.exited = this.#watch(tail);
	}

	open(sink: FrameSink): Transport {
		const { ringBytes, latency, limits } = this.#spec.terms;
		const { maxMessageBytes } = limits;
		const { kind, reason } = this.transport;
		if (!this.#region) {
			const channel = (listener: ConstructorParameters<typeof PortChannel>[3]): PortChannel =>
				new PortChannel(this.#ports, this.#memory, 0, listener);
			return new StreamTransport({ channel, sink, ringBytes, maxMessageBytes, kind, reason });
		}
		const bell = (listener: ConstructorParameters<typeof PortBell>[1]): PortBell => new PortBell(this.#ports, listener, true);
		return new RingTransport({ region: this.#region, endpoint: 0, sink, bell, latency, maxMessageBytes, kind, reason });
	}

	/** A thread cannot be asked: Node ends it between two instructions, also in a loop or parked. */
	terminate(): void {
		void this.#worker.terminate();
	}

	kill(): void {
		void this.#worker.terminate();
	}

	ref(): void {
		this.#worker.ref();
	}

	unref(): void {
		this.#worker.unref();
	}

	/** What a thread printed is in memory, not in a descriptor. */
	release(): void {}

	async #watch(tail: SharedTail): Promise<RawExit> {
		const worker = this.#worker;
		let error: unknown;
		worker.on('error', (reported) => {
			error = reported;
		});
		const exitCode = await new Promise<number>((resolve) => worker.once('exit', resolve));
		const stderr = tail.text();
		return { exitCode, signal: null, ...(error !== undefined && { error }), ...(stderr !== '' && { stderr }) };
	}
}

function startThread(spec: LaunchSpec, launch: Omit<ThreadLaunch, 'role' | 'terms' | 'direct'>): Worker {
	const { stdio } = spec;
	const direct = { stdout: stdio.stdout === 'inherit', stderr: stdio.stderr === 'inherit' };
	const workerData: ThreadLaunch = { ...launch, role: 'thread', terms: spec.terms, direct };
	const execArgv = spec.execArgv ?? ownExecArgv();
	try {
		return new Worker(new URL(ownModule('#bootstrap')), {
			workerData,
			transferList: listPorts(launch.ports) as TransferListItem[],
			name: spec.name,
			...(execArgv && { execArgv: [...execArgv] }),
			env: { ...process.env, ...spec.env },
			stdout: !direct.stdout,
			stderr: !direct.stderr,
			...(spec.resourceLimits && { resourceLimits: spec.resourceLimits }),
		});
	} catch (error) {
		throw new WorkerStartError(spec.name, `its thread could not be made: ${(error as Error).message}`, { cause: error });
	}
}

/**
 * Undefined: a thread inherits by itself what it can have, and would be refused options of the whole process, such as
 * `--expose-gc`, if they were named. It must not inherit `--input-type`, which is about the source of the host alone.
 */
function ownExecArgv(): readonly string[] | undefined {
	if (!process.execArgv.some((option) => option.startsWith('--input-type'))) return undefined;
	return inheritedExecArgv().filter((option, index, all) => OF_THREADS.test(option) || LOADS.test(all[index - 1] ?? ''));
}
