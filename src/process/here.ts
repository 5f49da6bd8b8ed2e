import { randomUUID } from 'node:crypto';

import { type HostContact, registerType, registerWorkerExtension, theHost } from '../messenger/index.ts';
import { DirectLink } from './direct-link.ts';
import type { Exchange, Frame } from './exchange.ts';
import { Home } from './home.ts';
import { Process, type ProcessCard } from './process.ts';
import { EXTENSION, type Invitation, Root } from './root.ts';
import { listen, readLater, sendFrame } from './tree-link.ts';
import { WorkerServices } from './worker-services.ts';
import { type Hello, OP } from './wire.ts';

/** What this thread is to the tree. */
type Place =
	/** Its root, or not in a tree of others yet. */
	| { readonly type: 'root'; readonly home: Home }
	/** A worker of another thread's tree. */
	| { readonly type: 'worker'; readonly home: Home }
	/** Invited, and asked for nothing yet. */
	| { readonly type: 'invited'; readonly invitation: NonNullable<Invitation>; readonly host: HostContact };

/** What the root says of processes whose worker may have said more itself. */
const TELLS_ENDS: ReadonlySet<number> = new Set([OP.ended, OP.gone]);

let place: Place | undefined;

/** This thread as a home of processes. A thread that is no worker of a tree becomes the root of its own. */
export function here(): Home {
	if (place?.type === 'invited') return join(place.invitation.home);
	place ??= { type: 'root', home: new Root(randomUUID()).home };
	return place.home;
}

/** True where `main` lives: in the thread that the program began with, which no host of coproc has started. */
export function isRoot(): boolean {
	return theHost() === undefined;
}

/**
 * Makes this worker, which was started for a process, the home that was asked for. `onLeft` is called when its last process has ended
 * and nobody will ask here how.
 */
export function openForked(home: number, onLeft: () => void): Home {
	return join(home, onLeft);
}

/** Joins the tree of the host that has invited this worker, and says so. */
function join(number: number, onLeft?: () => void): Home {
	if (place?.type !== 'invited') throw new Error('this worker was not invited to a tree of processes');
	const { invitation, host } = place;
	const { tree, seq } = invitation;
	const services = new WorkerServices(() => home, onLeft ?? (() => {}));
	const direct = DirectLink.here();
	const exchange: Exchange = {
		send: (frame, packed) => {
			if (frame.to === 0 || !direct?.send(frame, packed)) sendFrame(host.link, frame, packed);
		},
		...(direct && { expect: (expected: number) => direct.open(expected) }),
	};
	const home: Home = new Home({ tree, home: number, seq }, exchange, services, onLeft && ((error) => home.leave(error)));
	const take = (frame: Frame, read: () => unknown): void => home.take(frame, read);
	listen(host.link, (frame, read, raw) => {
		// What came directly from whoever ended, or is gone, came before.
		if (TELLS_ENDS.has(frame.op)) direct?.takeAll(number, take);
		home.take(frame, read, () => readLater(raw));
	});
	place = { type: 'worker', home };
	direct?.open(number);
	// Not yet: frames may be there for the process that this worker is about to open.
	queueMicrotask(() => direct?.listen(number, take));
	const hello: Hello = { listens: direct !== undefined };
	home.sendTo(0, OP.hello, hello);
	return home;
}

registerType<Process, ProcessCard>(Process, {
	name: 'coproc.process',
	encode: ({ card }) => card,
	decode: (card) => here().handleOf(card),
});

registerWorkerExtension({
	name: EXTENSION,
	accept: (invitation, host) => {
		if (invitation !== null) place ??= { type: 'invited', invitation: invitation as NonNullable<Invitation>, host };
	},
	refuse: () => {},
});
