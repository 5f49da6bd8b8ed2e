import { CoprocError, InvalidArgumentError, nameErrorClass } from './base.ts';

/** Thrown by a call of a function that the worker does not export. Nothing was sent. */
export class UnknownFunctionError extends InvalidArgumentError {
	/** The name that was called. */
	readonly functionName: string;

	constructor(facts: { worker: string; name: string; nearest: string | undefined; known: readonly string[] }) {
		const { worker, name, nearest, known } = facts;
		const there = known.length > 0 ? `it exports ${known.map((each) => `\`${each}\``).join(', ')}` : 'it exports no functions';
		super(
			`call of \`${name}\` failed: worker "${worker}" has no function of that name` +
				(nearest === undefined ? `; ${there}.` : `. Did you mean \`${nearest}\`?`),
			'ERR_COPROC_UNKNOWN_FUNCTION',
		);
		this.functionName = name;
	}
}

/** Thrown by `currentCall()` where no call of a host is being answered. */
export class NotInCallError extends CoprocError {
	constructor(why: string) {
		super(
			'ERR_COPROC_NOT_IN_CALL',
			`currentCall() failed: ${why}. Use it in functions that a host calls, until their result is given.`,
		);
	}
}

/**
 * Why a worker was ended by its host: a call that had been aborted went on for `abortGrace`. It is the cause of the
 * WorkerExitedError that every other call of that worker rejects with.
 */
export class AbortIgnoredError extends CoprocError {
	/** The function that went on. */
	readonly functionName: string;
	/** The time that it was given, in milliseconds. */
	readonly abortGrace: number;

	constructor(facts: { worker: string; name: string; abortGrace: number }) {
		super(
			'ERR_COPROC_ABORT_IGNORED',
			`worker "${facts.worker}" was ended: its call of ${facts.name}() went on for ${facts.abortGrace} ms after it was aborted. ` +
				'Look at `currentCall().aborted` in long loops, or raise `abortGrace`.',
		);
		this.functionName = facts.name;
		this.abortGrace = facts.abortGrace;
	}
}

/** One thing that a schema found wrong. */
export interface ValidationIssue {
	readonly message: string;
	/** Where in the value it was found. */
	readonly path: readonly PropertyKey[];
}

/** Thrown by a task whose input or output its schema refuses. Invalid input never reaches `run`. */
export class ValidationError extends InvalidArgumentError {
	/** What was looked at. */
	readonly subject: 'input' | 'output';
	/** What the schema found. */
	readonly issues: readonly ValidationIssue[];

	constructor(facts: { task: string; subject: 'input' | 'output'; issues: readonly ValidationIssue[] }) {
		const { task, subject, issues } = facts;
		const list = issues.map(({ message, path }) => (path.length > 0 ? `${subject}${pathText(path)}: ${message}` : message));
		super(`${subject} of task "${task}" was refused by its schema: ${list.join('; ')}`, 'ERR_COPROC_VALIDATION');
		this.subject = subject;
		this.issues = issues;
	}
}

function pathText(path: readonly PropertyKey[]): string {
	return path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
}

nameErrorClass(UnknownFunctionError, 'UnknownFunctionError');
nameErrorClass(NotInCallError, 'NotInCallError');
nameErrorClass(AbortIgnoredError, 'AbortIgnoredError');
nameErrorClass(ValidationError, 'ValidationError');
