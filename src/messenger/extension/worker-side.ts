import { type HandedExtension, KIND_EXTENSION, KIND_EXTENSION_ASKED } from '../control.ts';
import type { MessageLink } from '../message-link.ts';

/** The host as extensions in its worker see it. */
export interface HostContact {
	/** The link to the host, for frames of the extension's own kinds. */
	readonly link: MessageLink;
	/** True when nothing can come from the host any more. */
	isGone(): boolean;
}

/** The half of an extension that runs in a worker. */
export interface WorkerExtension {
	readonly name: string;
	/** Takes what the host offers, once. Must not throw. */
	accept(value: unknown, host: HostContact): void;
	/** Told instead when the host can offer nothing, `why` as a clause. */
	refuse(why: string, host: HostContact): void;
}

/** What became of an extension in this worker. */
type State =
	| { readonly type: 'handed'; readonly handed: HandedExtension }
	| { readonly type: 'loaded'; readonly extension: WorkerExtension }
	| { readonly type: 'done' };

const states = new Map<string, State>();
let host: HostContact | undefined;
let isStarted = false;
let waiting: (() => void)[] = [];

/** The host of this thread; undefined where this thread is no worker of coproc. */
export function theHost(): HostContact | undefined {
	return host;
}

/** Takes the link to the host, once, before the start order comes. */
export function meetHost(contact: HostContact): void {
	host = contact;
	const { link } = contact;
	link.on(KIND_EXTENSION, (w1, _w2, _w3, bytes) => {
		const decoded = link.tryDecode(w1, bytes, bytes.start);
		if ('value' in decoded) take(decoded.value as HandedExtension);
	});
}

/** Takes what came with the start order, and asks for what did not. */
export function acceptExtensions(values: Readonly<Record<string, unknown>> = {}): void {
	isStarted = true;
	for (const [name, value] of Object.entries(values)) take({ name, value });
	for (const [name, state] of states) if (state.type === 'loaded') ask(name);
}

/**
 * Registers the worker's half of an extension: it is told at once what the host has handed over, or asks for it. In a thread that
 * is no worker, nothing happens.
 */
export function registerWorkerExtension(extension: WorkerExtension): void {
	const { name } = extension;
	const state = states.get(name);
	if (state?.type === 'handed') tell(extension, state.handed);
	else if (state === undefined) {
		states.set(name, { type: 'loaded', extension });
		if (isStarted) ask(name);
	}
}

/** Resolves when every extension that was loaded so far has been told what the host offers. */
export function extensionsAnswered(): Promise<void> {
	if (!isAnyUnanswered()) return Promise.resolve();
	return new Promise((resolve) => waiting.push(resolve));
}

function take(handed: HandedExtension): void {
	const state = states.get(handed.name);
	if (state === undefined) states.set(handed.name, { type: 'handed', handed });
	else if (state.type === 'loaded') tell(state.extension, handed);
}

function tell(extension: WorkerExtension, handed: HandedExtension): void {
	states.set(extension.name, { type: 'done' });
	const contact = host as HostContact;
	if (handed.refusal === undefined) extension.accept(handed.value, contact);
	else extension.refuse(handed.refusal, contact);
	if (isAnyUnanswered()) return;
	const resolvers = waiting;
	waiting = [];
	for (const resolve of resolvers) resolve();
}

function ask(name: string): void {
	host?.link.send(KIND_EXTENSION_ASKED, name);
}

function isAnyUnanswered(): boolean {
	return [...states.values()].some(({ type }) => type === 'loaded');
}
