import { inspect } from 'node:util';

import { CoprocError, nameErrorClass } from './base.ts';

/** What the errors here say of a process: its name. A handle fits. */
export interface NamedProcess {
	readonly name: string;
}

/**
 * The end of a process: what `terminate()` sends, what linked and monitoring processes get as `[Exit, Process]`, and what a
 * handler may throw to end its own process. From paragram's Exit.
 */
export class Exit extends CoprocError {
	/** Why; undefined for a normal end. */
	readonly error: unknown;

	/** @param cause a text becomes an Error of it; another Exit gives its `error` */
	constructor(cause?: unknown) {
		const error = cause instanceof Exit ? cause.error : typeof cause === 'string' ? new Error(cause) : cause;
		super(
			'ERR_COPROC_EXIT',
			error === undefined ? 'process exits normally' : `process exits: ${shortText(error)}`,
			error === undefined ? undefined : { cause: error },
		);
		this.error = error;
	}
}

/** Why a process ended that got a message which none of its handlers takes. */
export class UnhandledMessage extends CoprocError {
	/** The message. */
	readonly received: readonly unknown[];

	constructor(process: NamedProcess, received: readonly unknown[]) {
		super(
			'ERR_COPROC_UNHANDLED_MESSAGE',
			`process "${process.name}" ended: no handler takes the message ${shortText(received)}. Add one with \`receive()\`, or spawn it with ` +
				"`unhandled: 'dead-letter'`.",
		);
		this.received = received;
	}
}

/** Why a process ended that is linked to one that ended, and does not handle `[Exit, Process]`. `cause` is the first reason of all. */
export class UnhandledChildExit extends CoprocError {
	/** The linked process that ended. */
	readonly process: NamedProcess;

	constructor(name: string, process: NamedProcess, error: unknown) {
		const cause = error instanceof UnhandledChildExit ? error.cause : error;
		const why = cause === undefined ? 'normally' : `because of ${shortText(cause)}`;
		super(
			'ERR_COPROC_UNHANDLED_CHILD_EXIT',
			`process "${name}" ended: process "${process.name}", which it is linked to, ended ${why}. Handle [Exit, Process] to survive that.`,
			cause === undefined ? undefined : { cause },
		);
		this.process = process;
	}
}

/** Stands for an exit reason that cannot be sent to another worker. `cause` holds what of it can. */
export class UnserializableExit extends CoprocError {
	/** The reason as `util.inspect` shows it. */
	readonly text: string;

	constructor(text: string, portable: unknown) {
		const firstLine = text.split('\n')[0] as string;
		super('ERR_COPROC_UNSERIALIZABLE_EXIT', `the reason of an exit could not be sent as it is: ${firstLine}`, {
			cause: portable,
		});
		this.text = text;
	}
}

/** Thrown by every use of `main` in a worker that `spawn()` started: there the process at hand is the target's first argument. */
export class NotMainProcessError extends CoprocError {
	constructor(what: string) {
		super(
			'ERR_COPROC_NOT_MAIN_PROCESS',
			`${what} failed: this is a worker, and \`main\` lives in the thread that the program began with. Use the process that the target is given, or send \`main\` here in a message.`,
		);
	}
}

/** Thrown by what only a process itself may do, such as `receive()`, on the handle of one that lives in another worker. */
export class NotOwnProcessError extends CoprocError {
	constructor(method: string, process: NamedProcess) {
		super(
			'ERR_COPROC_NOT_OWN_PROCESS',
			`${method}() failed: process "${process.name}" lives in another worker. Call it there, on the process that its target is given.`,
		);
	}
}

/** The reason that is told for a process whose end was too long ago for its reason to be known. */
export class ProcessGoneError extends CoprocError {
	constructor(process: NamedProcess) {
		super('ERR_COPROC_PROCESS_GONE', `process "${process.name}" had ended, and why is not known here any more.`);
	}
}

/** Why a supervisor gave up: its children failed more often than its intensity allows. `cause` is the last failure. */
export class RestartLimitError extends CoprocError {
	/** The child that failed last. */
	readonly child: string;

	constructor(facts: { supervisor: string; child: string; max: number; within: number; error: unknown }) {
		const { supervisor, child, max, within, error } = facts;
		super(
			'ERR_COPROC_RESTART_LIMIT',
			`supervisor "${supervisor}" gave up: child "${child}" failed, and more than ${max} restarts within ${within} ms are not allowed. Mend the child, or raise \`intensity\`.`,
			error === undefined ? undefined : { cause: error },
		);
		this.child = child;
	}
}

/** Thrown by whatever needs the mailbox of an actor that was made with `new` and not with `spawn()`. */
export class ActorNotStartedError extends CoprocError {
	/** @param what needs it, such as `send()` */
	constructor(actor: string, what: string) {
		super('ERR_COPROC_ACTOR_NOT_STARTED', `${what} failed: actor ${actor} was not started. Make it with \`${actor}.spawn()\`.`);
	}
}

/** One line that describes a value. */
function shortText(value: unknown): string {
	if (value instanceof Error) return `${value.name}: ${value.message}`;
	try {
		return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 80, maxArrayLength: 10 });
	} catch {
		return `a value of type ${typeof value}`;
	}
}

nameErrorClass(Exit, 'Exit');
nameErrorClass(UnhandledMessage, 'UnhandledMessage');
nameErrorClass(UnhandledChildExit, 'UnhandledChildExit');
nameErrorClass(UnserializableExit, 'UnserializableExit');
nameErrorClass(NotMainProcessError, 'NotMainProcessError');
nameErrorClass(NotOwnProcessError, 'NotOwnProcessError');
nameErrorClass(ProcessGoneError, 'ProcessGoneError');
nameErrorClass(RestartLimitError, 'RestartLimitError');
nameErrorClass(ActorNotStartedError, 'ActorNotStartedError');
