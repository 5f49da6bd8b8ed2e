import { ResourceRequestedClose } from '../errors/index.ts';
import { whileLoading } from '../internal/loading-modules.ts';
import {
	acceptExtensions,
	extensionOfType,
	extensionsAnswered,
	KIND_READY,
	KIND_START,
	KIND_START_FAILED,
	type LinkTerms,
	loadExtension,
	meetHost,
	MessengerCore,
	MultiMessenger,
	PriorityMessenger,
	registerMessengerEnds,
	type StartOrder,
	type WireTarget,
} from '../messenger/index.ts';
import { CallServer, type ServeOrder } from '../rpc/index.ts';
import type { FrameBytes, FrameSink, Transport } from '../transport/index.ts';
import { chunkFunction } from './chunk-function.ts';
import { WorkerExit } from './exit.ts';
import { loadFunctions, loadTarget, TargetError } from './load-target.ts';

/** How this worker reaches its host. */
export interface HostLink {
	readonly terms: LinkTerms;
	readonly transport: (sink: FrameSink) => Transport;
	/** Waits, parking the thread, until a helper thread has passed on what was sent. */
	readonly flush?: (timeout: number) => void;
}

/** Runs the target that the host orders, then ends the worker. */
export function serve({ terms, transport, flush }: HostLink): void {
	registerMessengerEnds();
	const core = new MessengerCore({
		order: terms.order,
		limits: terms.limits,
		blockingRefusal: undefined,
		// A host that is gone ends its workers by other means, at once; until then there is nobody to talk to.
		onPeerGone: (self, error) => self.end(error ?? new Error('the host is gone')),
		transport,
	});
	const exit = new WorkerExit(core, flush ?? (() => {}));
	core.link.transport.ref();
	meetHost({ link: core.link, isGone: () => core.incoming.ending !== undefined });
	core.link.on(KIND_START, (w1, _w2, _w3, bytes) => {
		const kept = keep(bytes);
		void readOrder(() => core.link.tryDecode(w1, kept, kept.start)).then(
			(order) => carryOut(core, exit, order, terms),
			(error: unknown) => refuse(core, exit, new TargetError('its arguments could not be read in the worker', error)),
		);
	});
}

/** Bytes that stay valid after the call that lent them. */
function keep({ buf, start, end, owned, side }: FrameBytes): FrameBytes {
	return owned
		? { buf, start, end, owned, side }
		: { buf: Buffer.from(buf.subarray(start, end)), start: 0, end: end - start, owned, side };
}

/** Decodes the start order; arguments of a type that an extension brings are read once that is loaded. */
async function readOrder(decode: () => ReturnType<MessengerCore['link']['tryDecode']>): Promise<StartOrder | ServeOrder> {
	const loaded = new Set<string>();
	let decoded = decode();
	for (;;) {
		const extension = 'failure' in decoded ? extensionOfType(decoded.failure) : undefined;
		if (extension === undefined || loaded.has(extension)) break;
		loaded.add(extension);
		await loadExtension(extension);
		decoded = decode();
	}
	if ('failure' in decoded) throw decoded.failure;
	const order = decoded.value as StartOrder | ServeOrder;
	acceptExtensions(order.extensions);
	return order;
}

/** Loads what the order names, tells the host that it begins, and ends the worker when it is done. */
async function carryOut(core: MessengerCore, exit: WorkerExit, order: StartOrder | ServeOrder, terms: LinkTerms): Promise<void> {
	let work: Work;
	try {
		work = 'serves' in order ? await callServer(core, order, terms) : await program(core, order);
		// What the target imports has then been handed what it needs, and can be used without waiting.
		await extensionsAnswered();
	} catch (error) {
		return refuse(core, exit, error);
	}
	core.link.send(KIND_READY, work.ready);
	// Has left before the target runs, which may keep this thread for as long as it likes.
	await core.link.transport.drained();
	try {
		await work.run();
	} catch (error) {
		return exit.end({ error });
	}
	return exit.end();
}

/** What a worker does. */
interface Work {
	/** What the host is told when it begins. */
	readonly ready: unknown;
	run(): unknown;
}

/** Runs the target until it returns. */
async function program(core: MessengerCore, order: StartOrder): Promise<Work> {
	const messenger = core.order === 'priority' ? new PriorityMessenger(() => core) : new MultiMessenger(() => core);
	const target = await whileLoading(urlOf(order.target), () => loadTarget(order.target));
	return { ready: undefined, run: () => target(messenger, order.args) };
}

/** Answers calls until the host asks this worker to close; those that had come are answered then. */
async function callServer(core: MessengerCore, order: ServeOrder, { limits }: LinkTerms): Promise<Work> {
	const portable = (error: unknown): unknown => core.outgoing.portable(error);
	const { concurrency, chunks } = order.serves;
	const functions = await whileLoading(urlOf(order.target), () => loadFunctions(order.target));
	if (chunks) functions.push(chunkFunction(functions));
	const server = new CallServer({ link: core.link, functions, limits, portable, concurrency, tellsAtOnce: chunks });
	return {
		ready: server.functions,
		run: async () => {
			await closeRequested(core);
			await server.close();
		},
	};
}

/** Resolves when the host asks this worker to close. Messages that come meanwhile stay in their queues. */
async function closeRequested({ incoming }: MessengerCore): Promise<void> {
	try {
		for (;;) {
			incoming.takeIn();
			await incoming.waitAny(undefined);
		}
	} catch (error) {
		if (!(error instanceof ResourceRequestedClose)) throw error;
	}
}

function refuse(core: MessengerCore, exit: WorkerExit, error: unknown): void {
	const why = error instanceof TargetError ? error.why : String(error);
	const cause = error instanceof TargetError ? error.cause : error;
	core.link.send(KIND_START_FAILED, { why, cause: cause === undefined ? undefined : core.outgoing.portable(cause) });
	void exit.end();
}

function urlOf(target: WireTarget): string | undefined {
	return target.type === 'module' ? target.url : undefined;
}
