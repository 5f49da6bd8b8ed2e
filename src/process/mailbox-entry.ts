import { Exit, UnhandledChildExit, UnhandledMessage } from '../errors/index.ts';
import type { Process } from './process.ts';

/** A message as it was sent, or something that the system has to say. */
export type Entry = readonly unknown[] | Signal;

/** What lies in a mailbox beside messages; `message` is what handlers are given. */
export class Signal {
	/** `linked` and `monitored`: that process has ended. `unreadable`: a message came that this side cannot read. */
	readonly type: 'terminate' | 'linked' | 'monitored' | 'unreadable';
	readonly exit: Exit;
	readonly from: Process | undefined;
	readonly message: readonly unknown[];

	constructor(type: Signal['type'], exit: Exit, from?: Process) {
		this.type = type;
		this.exit = exit;
		this.from = from;
		this.message = from ? [exit, from] : [exit];
	}
}

/** What handlers and patterns are given of an entry. */
export function messageOf(entry: Entry): readonly unknown[] {
	return entry instanceof Signal ? entry.message : entry;
}

/** Makes an entry of a message: `[Exit]` asks the process to end. */
export function toEntry(message: readonly unknown[]): Entry {
	return message.length === 1 && typeof message[0] === 'object' && message[0] instanceof Exit
		? new Signal('terminate', message[0])
		: message;
}

/** What judging an entry needs to know of its process. */
export interface Circumstances {
	/** Whether a handler matches. */
	readonly isHandled: boolean;
	readonly unhandled: 'exit' | 'dead-letter';
	readonly ignoresNormalExits: boolean;
}

/** What a process does with an entry whose turn has come. */
export type Verdict = 'handle' | 'handleThenEnd' | 'end' | 'drop' | 'deadLetter';

/** Decides what a process does with an entry. Pure: the rules of messages and exits are this table. */
export function judge(entry: Entry, { isHandled, unhandled, ignoresNormalExits }: Circumstances): Verdict {
	const type = entry instanceof Signal ? entry.type : 'message';
	switch (type) {
		case 'terminate':
			return isHandled ? 'handleThenEnd' : 'end';
		case 'linked':
			if (isHandled) return 'handle';
			return ignoresNormalExits && (entry as Signal).exit.error === undefined ? 'drop' : 'end';
		case 'monitored':
			return isHandled ? 'handle' : 'drop';
		case 'unreadable':
			return unhandled === 'dead-letter' ? 'deadLetter' : 'end';
		default:
			if (isHandled) return 'handle';
			return unhandled === 'dead-letter' ? 'deadLetter' : 'end';
	}
}

/** Why `process` ends by an entry. */
export function reasonIn(process: Process, entry: Entry): unknown {
	if (!(entry instanceof Signal)) return new UnhandledMessage(process, entry);
	if (entry.type !== 'linked') return entry.exit.error;
	return new UnhandledChildExit(process.name, entry.from as Process, entry.exit.error);
}
