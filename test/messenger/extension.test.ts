import { describe, expect, it } from 'vitest';

import {
	acceptExtensions,
	extensionOfType,
	extensionsAnswered,
	handExtension,
	meetHost,
	meetWorker,
	registerHostExtension,
	registerWorkerExtension,
	type WorkerContact,
} from '../../src/messenger/extension/index.ts';
import { MessageLink } from '../../src/messenger/message-link.ts';
import { TimeoutError, TypeNotRegisteredError } from '../../src/errors/index.ts';
import { attachSharedRegion, createSharedRegion } from '../../src/ringbuf/index.ts';
import { makeLinkPorts, PortBell, RingTransport } from '../../src/transport/index.ts';

/** Both ends of a link in one thread. */
function linkPair(): readonly [host: MessageLink, worker: MessageLink] {
	const { memory } = createSharedRegion(4096);
	const ports = makeLinkPorts();
	const end = (endpoint: 0 | 1) =>
		new MessageLink({ maxMessageBytes: 1e6, onPeerGone: () => {}, onUnknown: () => {} }, (sink) => {
			const region = attachSharedRegion(memory);
			const bell = (listener: ConstructorParameters<typeof PortBell>[1]) => new PortBell(ports[endpoint], listener, true);
			const transport = new RingTransport({
				region,
				endpoint,
				sink,
				bell,
				latency: 'eco',
				maxMessageBytes: 1e6,
				kind: 'ring',
				reason: '',
			});
			transport.ref();
			return transport;
		});
	return [end(0), end(1)];
}

const [hostEnd, workerEnd] = linkPair();
let end: () => void = () => {};
const worker: WorkerContact = {
	name: 'w',
	backend: 'thread',
	pid: undefined,
	threadId: 1,
	link: hostEnd,
	ended: new Promise<void>((resolve) => {
		end = resolve;
	}),
};

/** What an extension in the worker was told. */
function listen(name: string): unknown[] {
	const told: unknown[] = [];
	const accept = (value: unknown): void => void told.push(value);
	registerWorkerExtension({ name, accept, refuse: (why) => told.push(new Error(why)) });
	return told;
}

// One life of a worker, in the order in which things happen.
describe('the start-up extension point', () => {
	it('collects the offers of what was loaded before the start', () => {
		registerHostExtension({ name: 'early', offer: (contact) => ({ value: `for ${contact.name}` }) });
		registerHostExtension({ name: 'late', offer: () => undefined });
		expect(meetWorker(worker)).toEqual({ values: { early: 'for w' }, transfer: [] });
	});

	it('hands over what came with the order, whether the extension was loaded before or is loaded later', () => {
		const before = listen('early');
		meetHost({ isGone: () => false, link: workerEnd });
		acceptExtensions({ early: 'for w', unloaded: 1 });
		expect(before).toEqual(['for w']);
		expect(listen('unloaded')).toEqual([1]);
	});

	it('lets the target begin only when what it loaded was answered', async () => {
		const told = listen('late');
		const answered = extensionsAnswered();
		handExtension(worker, 'late', { value: 'at last' });
		await answered;
		expect(told).toEqual(['at last']);
	});

	it('offers to workers that run already', async () => {
		const told = listen('loaded');
		registerHostExtension({ name: 'loaded', offer: () => ({ value: new SharedArrayBuffer(4) }) });
		await extensionsAnswered();
		expect(told).toEqual([expect.any(SharedArrayBuffer)]);
	});

	it('says why when the host has no such extension', async () => {
		const told = listen('nowhere');
		await extensionsAnswered();
		expect(String(told[0])).toContain('extension "nowhere"');
	});

	it('hands nothing to a worker that has ended', async () => {
		end();
		await worker.ended;
		const offered: string[] = [];
		registerHostExtension({ name: 'after', offer: ({ name }) => void offered.push(name) });
		expect(offered).toEqual([]);
		expect(() => handExtension(worker, 'late', { refusal: 'it is over' })).not.toThrow();
		hostEnd.transport.close();
		workerEnd.transport.close();
	});
});

describe('extensionOfType()', () => {
	it.each([
		['coproc.mailbox', 'mailbox'],
		['coproc.process/handle', 'process'],
		['coproc.fifo-messenger', undefined],
		['Money', undefined],
	])('finds what brings %s: %s', (name, extension) => {
		expect(extensionOfType(new TypeNotRegisteredError({ name }))).toBe(extension);
		expect(extensionOfType(new TimeoutError({ what: name, timeout: 0 }))).toBeUndefined();
	});
});
