import {
	KIND_READY,
	KIND_START,
	KIND_START_FAILED,
	type LinkTerms,
	MessengerCore,
	MultiMessenger,
	PriorityMessenger,
	registerMessengerEnds,
	type StartOrder,
} from '../messenger/index.ts';
import type { FrameSink, Transport } from '../transport/index.ts';
import { WorkerExit } from './exit.ts';
import { loadTarget, TargetError } from './load-target.ts';

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
	core.link.on(KIND_START, (w1, _w2, _w3, bytes) => {
		const decoded = core.link.tryDecode(w1, bytes, bytes.start);
		if ('failure' in decoded)
			refuse(core, exit, new TargetError('its arguments could not be read in the worker', decoded.failure));
		else void run(core, exit, decoded.value as StartOrder);
	});
}

async function run(core: MessengerCore, exit: WorkerExit, order: StartOrder): Promise<void> {
	const messenger = core.order === 'priority' ? new PriorityMessenger(() => core) : new MultiMessenger(() => core);
	let target;
	try {
		target = await loadTarget(order.target);
	} catch (error) {
		return refuse(core, exit, error);
	}
	core.link.send(KIND_READY, undefined);
	// Has left before the target runs, which may keep this thread for as long as it likes.
	await core.link.transport.drained();
	try {
		await target(messenger, order.args);
	} catch (error) {
		return exit.end({ error });
	}
	return exit.end();
}

function refuse(core: MessengerCore, exit: WorkerExit, error: unknown): void {
	const why = error instanceof TargetError ? error.why : String(error);
	const cause = error instanceof TargetError ? error.cause : error;
	core.link.send(KIND_START_FAILED, { why, cause: cause === undefined ? undefined : core.outgoing.portable(cause) });
	void exit.end();
}
