import { MailboxUnavailableError } from '../errors/index.ts';
import {
	type ExtensionOffer,
	handExtension,
	type HostContact,
	registerHostExtension,
	registerWorkerExtension,
	theHost,
	type WorkerContact,
} from '../messenger/index.ts';
import { RemotePost, serveWorker } from './broker/index.ts';
import type { Post } from './post.ts';
import { SharedPost } from './shared-post.ts';
import { Tree, type TreeTicket } from './tree/index.ts';

const NAME = 'mailbox';

/** Whether, and how, this thread takes part in the mailboxes of a tree. */
type Membership =
	| { readonly type: 'none' }
	| { readonly type: 'member'; readonly tree: Tree; readonly post: Post }
	/** Through its host, for it has no memory in common with the others. */
	| { readonly type: 'guest'; readonly post: Post }
	| { readonly type: 'refused'; readonly error: Error };

let membership: Membership = { type: 'none' };
/** Workers that were started before this thread could hand them a ticket. */
const waiting = new Set<WorkerContact>();

/**
 * The post of this thread. The first participant of a tree makes the tree; a worker is handed its ticket with its start order, and
 * where its host had not loaded mailboxes by then, the first use waits for the host.
 */
export function thisPost(): Post {
	const host = theHost();
	if (membership.type === 'none' && !host) enter(() => asRoot());
	while (membership.type === 'none') {
		if (host?.isGone()) throw new MailboxUnavailableError({ why: 'the host is gone' });
		host?.link.transport.park(Number.POSITIVE_INFINITY);
	}
	if (membership.type === 'refused') throw membership.error;
	return (membership as Membership & { post: Post }).post;
}

/** Makes the memory of the tree, in the thread that it begins with, if that is possible and was not done yet. */
export function makeTree(): void {
	if (membership.type === 'none') enter(() => asRoot());
}

/** What this thread needs to use the memory of the tree itself; undefined where it cannot, or not yet. Never waits. */
export function sharedMember(): (Membership & { type: 'member' }) | undefined {
	return membership.type === 'member' ? membership : undefined;
}

/** Registers both halves of the extension, once. */
export function registerMailboxExtension(): void {
	registerWorkerExtension({
		name: NAME,
		accept: (ticket, host) => enter(() => asWorker(ticket as TreeTicket, host)),
		refuse: (why) =>
			enter(() => {
				throw new MailboxUnavailableError({ why });
			}),
	});
	registerHostExtension({ name: NAME, offer: (worker) => offerTo(worker) });
}

function asRoot(): Membership {
	const tree = new Tree();
	return { type: 'member', tree, post: new SharedPost(tree) };
}

/** Where the memory of the ticket cannot be used here, the host does everything instead: it does not matter why. */
function asWorker(ticket: TreeTicket, host: HostContact): Membership {
	if (ticket.mode === 'broker') return { type: 'guest', post: new RemotePost(host) };
	if (ticket.mode === 'none') throw new MailboxUnavailableError({ why: ticket.why });
	try {
		const tree = new Tree(ticket);
		return { type: 'member', tree, post: new SharedPost(tree) };
	} catch {
		return { type: 'guest', post: new RemotePost(host) };
	}
}

function enter(become: () => Membership): void {
	try {
		membership = become();
	} catch (error) {
		membership = { type: 'refused', error: error as Error };
	}
	for (const worker of waiting) handExtension(worker, NAME, { value: ticketFor(worker) });
	waiting.clear();
}

function offerTo(worker: WorkerContact): ExtensionOffer | undefined {
	serveWorker(worker, thisPost);
	void worker.ended.then(() => {
		waiting.delete(worker);
		if (membership.type === 'member') membership.tree.workerEnded(worker);
	});
	if (membership.type === 'none' && !theHost()) enter(() => asRoot());
	if (membership.type !== 'none') return { value: ticketFor(worker) };
	waiting.add(worker);
	return undefined;
}

function ticketFor({ backend, link }: WorkerContact): TreeTicket {
	if (membership.type === 'refused') return { mode: 'none', why: `its host has no part in them: ${membership.error.message}` };
	if (membership.type !== 'member' || (backend === 'process' && link.transport.kind !== 'ring')) return { mode: 'broker' };
	return membership.tree.ticketFor(backend === 'thread');
}
