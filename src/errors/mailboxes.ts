import { CoprocError, nameErrorClass } from './base.ts';

/** Thrown by a send to a tag whose messages take all the bytes that a tag may take. Nothing was sent; wait for `ready(tag)`. */
export class MailboxFullError extends CoprocError {
	/** The tag. */
	readonly tag: string;
	/** Messages that wait on it. */
	readonly queued: number;
	/** What they take, in bytes. */
	readonly queuedBytes: number;
	/** The limit in force, in bytes; undefined where not the tag is full, but the memory of all mailboxes. */
	readonly bytesPerTag: number | undefined;

	constructor(facts: { tag: string; bytes: number; queued: number; queuedBytes: number; bytesPerTag: number | undefined }) {
		const { tag, bytes, queued, queuedBytes, bytesPerTag } = facts;
		super(
			'ERR_COPROC_MAILBOX_FULL',
			bytesPerTag === undefined
				? `message to tag "${tag}" was not sent: the messages of all mailboxes take ${queuedBytes} bytes, and there is no memory for more. ` +
						'Receive or drain some first.'
				: `message of ${bytes} bytes to tag "${tag}" was not sent: ${queued} messages of ${queuedBytes} bytes wait there and bytesPerTag is ` +
						`${bytesPerTag}. Await \`ready(tag)\` before sending more, or raise \`bytesPerTag\` of a Mailbox.`,
		);
		this.tag = tag;
		this.queued = queued;
		this.queuedBytes = queuedBytes;
		this.bytesPerTag = bytesPerTag;
	}
}

/**
 * Thrown by a send to a tag that is not there yet when a mailbox has as many tags as it may have, by `setTags()` with more than
 * that, and by a receive whose tags `setTags()` took away for good.
 */
export class TagCapacityError extends CoprocError {
	/** The tag that has no place; undefined for `setTags()`. */
	readonly tag: string | undefined;
	/** Most tags that the mailbox may have. */
	readonly tagLimit: number;

	constructor(facts: { tag: string | undefined; tags: number; tagLimit: number }) {
		const { tag, tags, tagLimit } = facts;
		const why =
			tag === undefined
				? `setTags() was refused: ${tags} tags were asked for and tagLimit is ${tagLimit}`
				: `tag "${tag}" has no place: the mailbox has ${tags} tags and tagLimit is ${tagLimit}`;
		super(
			'ERR_COPROC_TAG_CAPACITY',
			`${why}. Use fewer tags, take some away by \`setTags()\`, or raise \`tagLimit\` of a Mailbox.`,
		);
		this.tag = tag;
		this.tagLimit = tagLimit;
	}
}

/** Thrown by every call on a mailbox that was disposed of, here or elsewhere; also by a receive that was pending then. */
export class MailboxClosedError extends CoprocError {
	constructor() {
		super(
			'ERR_COPROC_MAILBOX_CLOSED',
			'the mailbox was closed: it was disposed of, here or elsewhere. Make a new Mailbox and send that.',
		);
	}
}

/** Thrown where this thread cannot take part in the mailboxes of its tree. */
export class MailboxUnavailableError extends CoprocError {
	constructor(facts: { why: string }) {
		super(
			'ERR_COPROC_MAILBOX_UNAVAILABLE',
			`mailboxes cannot be used here: ${facts.why}. Hosts and workers must run the same version of coproc.`,
		);
	}
}

nameErrorClass(MailboxFullError, 'MailboxFullError');
nameErrorClass(TagCapacityError, 'TagCapacityError');
nameErrorClass(MailboxClosedError, 'MailboxClosedError');
nameErrorClass(MailboxUnavailableError, 'MailboxUnavailableError');
