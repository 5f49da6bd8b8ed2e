import type { MultiMessenger, WorkerResourceOptions } from 'coproc';
import { afterAll, beforeAll } from 'vitest';

import { expectNothingLeftSince, type Holdings, holdings } from '../../support/leftovers.ts';
import type { Combination } from './combinations.ts';
import { openPeer, type Peer, startPeer } from './peer.ts';

/** Options that a worker and a pair have in common. */
export type LinkOptions = Pick<WorkerResourceOptions, 'ringBytes' | 'maxMessageBytes' | 'highWaterMark' | 'maxQueuedBytes'>;

/** What the contract is about: one kind of messenger over one kind of link. */
export interface Subject {
	/** The link that all tests of a file share; every test talks on channels of its own. */
	readonly peer: Peer;
	/** Opens a link of the same kind for one test. */
	open(options?: LinkOptions): Promise<Peer>;
	/** The other side runs in a worker, and so may park. */
	readonly hasWorker: boolean;
	/** Objects can change hands: both sides are in one process. */
	readonly sharesProcess: boolean;
	readonly ordersByPriority: boolean;
}

/** Opens a subject before the tests of a `describe` block and shows after them that nothing is left of it. */
export function subjectOf(combination: Combination | undefined, Messenger: typeof MultiMessenger): Subject {
	const open = async (options?: LinkOptions): Promise<Peer> =>
		combination ? startPeer(combination, Messenger, options) : openPeer(Messenger, options);
	let peer: Peer | undefined;
	let before: Holdings;
	beforeAll(async () => {
		before = holdings();
		peer = await open();
	});
	afterAll(async () => {
		await peer?.[Symbol.asyncDispose]();
		await expectNothingLeftSince(before);
	});
	return {
		get peer() {
			if (!peer) throw new Error('the subject is not open');
			return peer;
		},
		open,
		hasWorker: combination !== undefined,
		sharesProcess: combination?.backend !== 'process',
		ordersByPriority: Messenger.name === 'PriorityMessenger',
	};
}

let channels = 0;

/** A channel id that no other test uses. */
export function newChannel(): string {
	channels += 1;
	return `channel ${channels}`;
}
