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
import { Post } from './post.ts';
import { Tree, type TreeTicket } from './tree/index.ts';

const NAME = 'mailbox';

/** Whether this thread takes part in the mailboxes of a tree. */
type Membership =
	| { readonly type: 'none' }
	| { readonly type: 'member'; readonly tree: Tree; readonly post: Post }
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
	if (membership.type === 'none' && !host) enter(undefined);
	while (membership.type === 'none') host?.link.transport.park(Number.POSITIVE_INFINITY);
	if (membership.type === 'refused') throw membership.error;
	return (membership as Membership & { type: 'member' }).post;
}

/** Registers both halves of the extension; called once, when this module is loaded. */
export function registerMailboxExtension(): void {
	registerWorkerExtension({
		name: NAME,
		accept: (ticket: unknown, _host: HostContact) => enter(ticket as TreeTicket),
		refuse: (why) => refuse(new MailboxUnavailableError({ why })),
	});
	registerHostExtension({ name: NAME, offer: (worker) => offerTo(worker) });
}

function enter(ticket: TreeTicket | undefined): void {
	try {
		const tree = new Tree(ticket);
		membership = { type: 'member', tree, post: new Post(tree) };
	} catch (error) {
		return refuse(error as Error);
	}
	for (const worker of waiting) handExtension(worker, NAME, { value: ticketFor(worker) });
	waiting.clear();
}

function refuse(error: Error): void {
	membership = { type: 'refused', error };
	for (const worker of waiting) handExtension(worker, NAME, { refusal: error.message });
	waiting.clear();
}

function offerTo(worker: WorkerContact): ExtensionOffer | undefined {
	void worker.ended.then(() => {
		waiting.delete(worker);
		if (membership.type === 'member') membership.tree.workerEnded(worker);
	});
	if (membership.type === 'none' && !theHost()) enter(undefined);
	if (membership.type !== 'none') return { value: ticketFor(worker) };
	waiting.add(worker);
	return undefined;
}

function ticketFor({ backend, link }: WorkerContact): TreeTicket {
	if (membership.type !== 'member') return { mode: 'none', why: 'the host cannot use mailboxes' };
	if (backend === 'process' && link.transport.kind !== 'ring')
		return { mode: 'none', why: `this process has no shared memory with its host: ${link.transport.reason}` };
	return membership.tree.ticketFor(backend === 'thread');
}
