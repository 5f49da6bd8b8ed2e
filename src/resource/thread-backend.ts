import type { Readable } from 'node:stream';
import { MessageChannel, type MessagePort, type TransferListItem, Worker } from 'node:worker_threads';

import { SharedTail } from '../internal/stderr-tail.ts';
import type { ThreadLaunch } from '../messenger/index.ts';
import { createSharedRegion, type Region } from '../ringbuf/index.ts';
import {
	type FrameSink,
	PORT_WAKE_BYTES,
	PortBell,
	PortChannel,
	RingTransport,
	StreamTransport,
	type Transport,
	type TransportInfo,
} from '../transport/index.ts';
import type { Backend, LaunchSpec, RawExit, StartedWorker } from './backend.ts';

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
	readonly #port: MessagePort;
	readonly #memory: SharedArrayBuffer;
	readonly #region: Region | undefined;
	readonly #spec: LaunchSpec;

	constructor(spec: LaunchSpec) {
		const usesRing = spec.transport !== 'pipe';
		const { port1, port2 } = new MessageChannel();
		const shared = usesRing ? createSharedRegion(spec.terms.ringBytes) : undefined;
		this.#spec = spec;
		this.#port = port1;
		this.#region = shared?.region;
		this.#memory = shared?.memory ?? new SharedArrayBuffer(PORT_WAKE_BYTES);
		this.transport = usesRing
			? { kind: 'ring', reason: 'threads share the memory of their process' }
			: { kind: 'port', reason: "the option `transport: 'pipe'` asks for it" };
		const tail = new SharedTail();
		this.#worker = startThread(spec, {
			port: port2,
			memory: this.#memory,
			stderrTail: tail.memory,
			...this.transport,
		} as ThreadLaunch);
		this.threadId = this.#worker.threadId;
		this.stdout = spec.stdio.stdout === 'pipe' ? this.#worker.stdout : null;
		this.stderr = spec.stdio.stderr === 'pipe' ? this.#worker.stderr : null;
		// A stream that nobody reads would hold back what the thread prints.
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
				new PortChannel(this.#port, this.#memory, 0, listener);
			return new StreamTransport({ channel, sink, ringBytes, maxMessageBytes, kind, reason });
		}
		const bell = (listener: ConstructorParameters<typeof PortBell>[1]): PortBell => new PortBell(this.#port, listener, true);
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
	return new Worker(new URL(import.meta.resolve('#bootstrap')), {
		workerData,
		transferList: [launch.port] as TransferListItem[],
		name: spec.name,
		// A thread inherits by itself what it can have; named, options of the whole process such as --expose-gc are refused.
		...(spec.execArgv && { execArgv: [...spec.execArgv] }),
		env: { ...process.env, ...spec.env },
		stdout: !direct.stdout,
		stderr: !direct.stderr,
		...(spec.resourceLimits && { resourceLimits: spec.resourceLimits }),
	});
}
