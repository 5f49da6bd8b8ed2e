import { CoprocError, InvalidArgumentError, nameErrorClass } from './base.ts';

/** Thrown by a send whose payload holds something that cannot be cloned. `path` says where; nothing was sent. */
export class DataCloneError extends CoprocError {
	/** Where in the payload the value sits, such as `data.rows[3].callback`. */
	readonly path: string;

	constructor(path: string, what: string, options?: ErrorOptions) {
		const advice = 'Send plain data, mark the class with registerType() on both sides, or leave the value out.';
		super('ERR_COPROC_DATA_CLONE', `\`${path}\` cannot be sent: ${what}. ${advice}`, options);
		this.path = path;
	}
}

/**
 * Thrown by a send that would put more than `maxQueuedBytes` before the peer, and by a call of a pool in which `maxQueue` calls
 * wait. Nothing was sent; wait for `flushed()`, or for `drain()`.
 */
export class QueueFullError extends CoprocError {
	/** Size of the refused message in bytes; 0 of a call of a pool, which was not encoded. */
	readonly bytes: number;
	/** Bytes sent that the peer's program has not taken yet. */
	readonly queuedBytes: number;
	/** The limit in force, in bytes; infinite where the limit is a number of calls. */
	readonly maxQueuedBytes: number;

	/** @param facts `advice` is what to do before more can be sent; by default, to await `flushed()` */
	constructor(facts: BytesFull | { pool: string; maxQueue: number }) {
		super('ERR_COPROC_QUEUE_FULL', 'pool' in facts ? queueFullText(facts) : bytesFullText(facts));
		this.bytes = 'pool' in facts ? 0 : facts.bytes;
		this.queuedBytes = 'pool' in facts ? 0 : facts.queuedBytes;
		this.maxQueuedBytes = 'pool' in facts ? Number.POSITIVE_INFINITY : facts.maxQueuedBytes;
	}
}

interface BytesFull {
	readonly bytes: number;
	readonly queuedBytes: number;
	readonly maxQueuedBytes: number;
	readonly advice?: string;
}

function bytesFullText({
	bytes,
	queuedBytes,
	maxQueuedBytes,
	advice = 'Await `flushed()` before sending more',
}: BytesFull): string {
	return (
		`message of ${bytes} bytes was not sent: ${queuedBytes} bytes wait for the peer to receive them and maxQueuedBytes is ` +
		`${maxQueuedBytes}. ${advice}, or raise \`maxQueuedBytes\`.`
	);
}

function queueFullText({ pool, maxQueue }: { pool: string; maxQueue: number }): string {
	return (
		`call was not made: ${maxQueue} calls wait in pool "${pool}", which is its maxQueue. ` +
		'Await some of them or `drain()`, use `map()`, `stream()` or `mapUnordered()`, which wait by themselves, or raise `maxQueue`.'
	);
}

/** Thrown by a send whose message is larger than `maxMessageBytes`. Nothing was sent. */
export class MessageTooLargeError extends CoprocError {
	/** Size of the refused message in bytes. */
	readonly bytes: number;
	/** The limit in force, in bytes. */
	readonly maxMessageBytes: number;

	constructor(facts: { bytes: number; maxMessageBytes: number }) {
		super(
			'ERR_COPROC_MESSAGE_TOO_LARGE',
			`message of ${facts.bytes} bytes was not sent: maxMessageBytes is ${facts.maxMessageBytes}. Send it in parts, or raise \`maxMessageBytes\` on the resource.`,
		);
		this.bytes = facts.bytes;
		this.maxMessageBytes = facts.maxMessageBytes;
	}
}

/** Thrown when nothing came within `timeout` milliseconds. What was waited for is untouched and can be waited for again. */
export class TimeoutError extends CoprocError {
	/** The time that was allowed, in milliseconds. */
	readonly timeout: number;

	constructor(facts: { what: string; timeout: number }) {
		super('ERR_COPROC_TIMEOUT', `${facts.what} timed out: nothing came within ${facts.timeout} ms`);
		this.timeout = facts.timeout;
	}
}

/** Thrown when the peer's bytes break the protocol. The link is poisoned: nothing more is read from it. */
export class ProtocolError extends CoprocError {
	constructor(what: string, facts: Readonly<Record<string, unknown>> = {}) {
		const list = Object.entries(facts).map(([key, value]) => `${key}=${String(value)}`);
		const tail = list.length > 0 ? ` (${list.join(', ')})` : '';
		super(
			'ERR_COPROC_PROTOCOL',
			`link is poisoned: ${what}${tail}. Both sides must run the same version of coproc; nothing else may write to its memory.`,
		);
	}
}

/** Thrown when a message of an unknown kind arrives: the two sides run different versions of coproc. */
export class MessageNotRecognizedError extends CoprocError {
	constructor(facts: { kind: number }) {
		super(
			'ERR_COPROC_MESSAGE_NOT_RECOGNIZED',
			`message of kind ${facts.kind} was not recognised. Both sides must run the same version of coproc.`,
		);
	}
}

/** Thrown when a message holds an instance of a class that this side has not registered. Only that message is lost. */
export class TypeNotRegisteredError extends CoprocError {
	/** The name that the sender registered. */
	readonly typeName: string;

	constructor(facts: { name: string }) {
		super(
			'ERR_COPROC_TYPE_NOT_REGISTERED',
			`a message was not received: it holds an instance of type "${facts.name}", which is not registered on this side. ` +
				'Call registerType() with that name here too, before the message can come.',
		);
		this.typeName = facts.name;
	}
}

/** Thrown once by a receive call after the peer asked this side to close. Finish, then return from the worker's target. */
export class ResourceRequestedClose extends CoprocError {
	constructor() {
		super('ERR_COPROC_CLOSE_REQUESTED', 'the peer requested that this side close. Catch this error to tidy up, then return.');
	}
}

/** Thrown by a `...Blocking` call where parking the thread would stop the side that watches over its workers. */
export class BlockingNotAllowedError extends CoprocError {
	constructor(facts: { method: string; why: string }) {
		const other = facts.method.replace(/Blocking$/, '');
		super('ERR_COPROC_BLOCKING_NOT_ALLOWED', `${facts.method}() was refused: ${facts.why}. Use \`await ${other}()\` here.`);
	}
}

/** Thrown by every call on a messenger that was disposed of on this side. */
export class MessengerClosedError extends CoprocError {
	constructor(facts: { method: string }) {
		super(
			'ERR_COPROC_MESSENGER_CLOSED',
			`${facts.method}() failed: this messenger was closed on this side. Start the resource again, or make a new pair.`,
		);
	}
}

/** Thrown for an option that is unknown or has a value that makes no sense. */
export class OptionError extends InvalidArgumentError {
	/** The option's name. */
	readonly option: string;

	constructor(facts: { subject: string; option: string; problem: string }) {
		super(`${facts.subject} was not made: option \`${facts.option}\` ${facts.problem}`, 'ERR_COPROC_INVALID_OPTION');
		this.option = facts.option;
	}
}

nameErrorClass(DataCloneError, 'DataCloneError');
nameErrorClass(QueueFullError, 'QueueFullError');
nameErrorClass(MessageTooLargeError, 'MessageTooLargeError');
nameErrorClass(TimeoutError, 'TimeoutError');
nameErrorClass(ProtocolError, 'ProtocolError');
nameErrorClass(MessageNotRecognizedError, 'MessageNotRecognizedError');
nameErrorClass(TypeNotRegisteredError, 'TypeNotRegisteredError');
nameErrorClass(ResourceRequestedClose, 'ResourceRequestedClose');
nameErrorClass(BlockingNotAllowedError, 'BlockingNotAllowedError');
nameErrorClass(MessengerClosedError, 'MessengerClosedError');
nameErrorClass(OptionError, 'OptionError');
