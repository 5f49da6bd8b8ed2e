import { closeSync } from 'node:fs';
import { MessageChannel, Worker } from 'node:worker_threads';

import { loadLibc } from '../internal/libc.ts';
import { MEMORY_FD, type ProcessLaunch, type RelayLaunch, SOCKET_FD } from '../messenger/index.ts';
import { attachMappedRegion, attachSharedRegion, createSharedRegion, type MappedRegion } from '../ringbuf/index.ts';
import {
	asLinkPorts,
	type Choice,
	negotiateAsWorker,
	type Offer,
	PortBell,
	RingTransport,
	SocketBell,
	waitUntilRelayed,
} from '../transport/index.ts';
import { type HostLink, serve } from './serve.ts';

/** Agrees with the host on a transport, then serves it. */
export function serveProcess(launch: ProcessLaunch): void {
	const attached = attach(launch);
	const offer: Offer = 'region' in attached ? { nonce: attached.region.nonce } : attached;
	const choice = negotiateAsWorker(SOCKET_FD, offer);
	if (!choice) process.kill(process.pid, 'SIGKILL');
	else if (choice.kind === 'ring' && 'region' in attached) serve(overRing(launch, attached.region, choice));
	else {
		if ('region' in attached) attached.region.release();
		serve(overPipe(launch, choice));
	}
}

/** Maps the memory that was handed over, and makes sure that this process does not outlive its host. */
function attach({ hasMemory, hostPid, terms }: ProcessLaunch): { region: MappedRegion } | { reason: string } {
	if (!hasMemory) return { reason: 'no memory was handed over' };
	const { libc, reason } = loadLibc();
	try {
		if (!libc) return { reason };
		libc.dieWithParent();
		// The host may have died before that: then the signal will never come.
		if (process.ppid !== hostPid) process.kill(process.pid, 'SIGKILL');
		return { region: attachMappedRegion(libc, MEMORY_FD, terms.ringBytes) };
	} catch (error) {
		return { reason: (error as Error).message };
	} finally {
		closeSync(MEMORY_FD);
	}
}

function overRing({ terms }: ProcessLaunch, region: MappedRegion, { reason }: Choice): HostLink {
	return {
		terms,
		transport: (sink) =>
			new RingTransport({
				region,
				endpoint: 1,
				sink,
				bell: (listener) => SocketBell.open(SOCKET_FD, listener),
				latency: terms.latency,
				maxMessageBytes: terms.limits.maxMessageBytes,
				kind: 'ring',
				reason,
			}),
	};
}

/** A helper thread owns the pipe and feeds this thread through a ring, so that it can park and be watched over. */
function overPipe({ terms }: ProcessLaunch, { reason }: Choice): HostLink {
	const { memory } = createSharedRegion(terms.ringBytes);
	const { port1, port2 } = new MessageChannel();
	const launch: RelayLaunch = { role: 'relay', port: port2, memory, ringBytes: terms.ringBytes };
	const helper = new Worker(new URL(import.meta.resolve('#bootstrap')), {
		workerData: launch,
		transferList: [port2],
		execArgv: [],
	});
	helper.unref();
	return {
		terms,
		flush: (timeout) => waitUntilRelayed(memory, timeout),
		transport: (sink) =>
			new RingTransport({
				region: attachSharedRegion(memory),
				endpoint: 1,
				sink,
				bell: (listener) => new PortBell(asLinkPorts(port1), listener, false),
				latency: terms.latency,
				maxMessageBytes: terms.limits.maxMessageBytes,
				kind: 'pipe',
				reason,
			}),
	};
}
