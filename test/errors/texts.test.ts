import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import * as errors from '../../src/errors/index.ts';
import { CoprocError, type ErrorCode } from '../../src/errors/index.ts';
import { declaredCodes } from '../support/tidy/error-codes.ts';
import { readFile } from '../support/tidy/source-file.ts';

/** One error of each class, its code, and its whole text: subject, what failed, why, the facts with units, what to do. */
const TEXTS: readonly (readonly [error: Error & { code: ErrorCode }, code: ErrorCode, text: string])[] = [
	[
		new errors.DataCloneError('data.rows[3]', 'it is a function'),
		'ERR_COPROC_DATA_CLONE',
		'`data.rows[3]` cannot be sent: it is a function. Send plain data, mark the class with registerType() on both sides, or leave the value out.',
	],
	[
		new errors.QueueFullError({ bytes: 10, queuedBytes: 95, maxQueuedBytes: 100 }),
		'ERR_COPROC_QUEUE_FULL',
		'message of 10 bytes was not sent: 95 bytes wait for the peer to receive them and maxQueuedBytes is 100. Await `flushed()` before sending more, or raise `maxQueuedBytes`.',
	],
	[
		new errors.MessageTooLargeError({ bytes: 11, maxMessageBytes: 10 }),
		'ERR_COPROC_MESSAGE_TOO_LARGE',
		'message of 11 bytes was not sent: maxMessageBytes is 10. Send it in parts, or raise `maxMessageBytes` on the resource.',
	],
	[
		new errors.TimeoutError({ what: 'receive()', timeout: 7 }),
		'ERR_COPROC_TIMEOUT',
		'receive() timed out: nothing came within 7 ms',
	],
	[
		new errors.ProtocolError('a record is cut off', { bytes: 3, head: -16 }),
		'ERR_COPROC_PROTOCOL',
		'link is poisoned: a record is cut off (bytes=3, head=-16). Both sides must run the same version of coproc; nothing else may write to its memory.',
	],
	[
		new errors.MessageNotRecognizedError({ kind: 99 }),
		'ERR_COPROC_MESSAGE_NOT_RECOGNIZED',
		'message of kind 99 was not recognised. Both sides must run the same version of coproc.',
	],
	[
		new errors.TypeNotRegisteredError({ name: 'Money' }),
		'ERR_COPROC_TYPE_NOT_REGISTERED',
		'a message was not received: it holds an instance of type "Money", which is not registered on this side. Call registerType() with that name here too, before the message can come.',
	],
	[
		new errors.ResourceRequestedClose(),
		'ERR_COPROC_CLOSE_REQUESTED',
		'the peer requested that this side close. Catch this error to tidy up, then return.',
	],
	[
		new errors.BlockingNotAllowedError({ method: 'receiveBlocking', why: 'of this' }),
		'ERR_COPROC_BLOCKING_NOT_ALLOWED',
		'receiveBlocking() was refused: of this. Use `await receive()` here.',
	],
	[
		new errors.MessengerClosedError({ method: 'sendReply' }),
		'ERR_COPROC_MESSENGER_CLOSED',
		'sendReply() failed: this messenger was closed on this side. Start the resource again, or make a new pair.',
	],
	[
		new errors.OptionError({ subject: 'WorkerResource', option: 'bakend', problem: 'is unknown. Did you mean `backend`?' }),
		'ERR_COPROC_INVALID_OPTION',
		'WorkerResource was not made: option `bakend` is unknown. Did you mean `backend`?',
	],
	[
		new errors.PoolClosedError({ pool: 'p', what: 'a call' }),
		'ERR_COPROC_POOL_CLOSED',
		'a call did not run: pool "p" was disposed of. Await the calls, or `drain()`, before its block ends.',
	],
	[
		new errors.PoolFailedError({ pool: 'p', max: 3, withinMs: 1000, cause: undefined }),
		'ERR_COPROC_POOL_FAILED',
		'pool "p" has given up: its workers ended or failed to start more than 3 times within 1000 ms. Look at the cause, or allow more by `restart: { max, withinMs }`.',
	],
	[new errors.InvalidArgumentError('x() was refused: because'), 'ERR_COPROC_INVALID_ARGUMENT', 'x() was refused: because'],
	[
		new errors.WorkerExitedError('w', { exitCode: 1, signal: null, stderr: 'one\ntwo\n' }),
		'ERR_COPROC_WORKER_EXITED',
		'worker "w" exited (exit code 1) and nothing more will come from it. Last stderr line: two',
	],
	[
		new errors.WorkerIsDeadError('w', 'join()'),
		'ERR_COPROC_WORKER_DEAD',
		'join() failed: worker "w" has not been started. Call `start()` first.',
	],
	[
		new errors.WorkerIsAlreadyDeadError('w', 'join()'),
		'ERR_COPROC_WORKER_ALREADY_DEAD',
		'join() failed: worker "w" has already exited. Pass `{ checkAlive: false }` to get how it ended, or start it again.',
	],
	[
		new errors.WorkerIsAlreadyAliveError('w'),
		'ERR_COPROC_WORKER_ALIVE',
		'start() failed: worker "w" is already alive. Await `join()` or `terminate()` before you start it again.',
	],
	[new errors.WorkerStartError('w', 'of that'), 'ERR_COPROC_WORKER_START', 'worker "w" could not start: of that'],
	[
		new errors.TransportUnavailableError({ transport: 'ring', reason: 'koffi is not there' }),
		'ERR_COPROC_TRANSPORT_UNAVAILABLE',
		'transport "ring" is not available: koffi is not there. Use `transport: \'auto\'` to fall back to the pipe.',
	],
	[
		new errors.MailboxFullError({ tag: 'a', bytes: 70, queued: 2, queuedBytes: 140, bytesPerTag: 200 }),
		'ERR_COPROC_MAILBOX_FULL',
		'message of 70 bytes to tag "a" was not sent: 2 messages of 140 bytes wait there and bytesPerTag is 200. Await `ready(tag)` before sending more, or raise `bytesPerTag` of a Mailbox.',
	],
	[
		new errors.TagCapacityError({ tag: 'a', tags: 16, tagLimit: 16 }),
		'ERR_COPROC_TAG_CAPACITY',
		'tag "a" has no place: the mailbox has 16 tags and tagLimit is 16. Use fewer tags, take some away by `setTags()`, or raise `tagLimit` of a Mailbox.',
	],
	[
		new errors.MailboxClosedError(),
		'ERR_COPROC_MAILBOX_CLOSED',
		'the mailbox was closed: it was disposed of, here or elsewhere. Make a new Mailbox and send that.',
	],
	[
		new errors.MailboxUnavailableError({ why: 'of this' }),
		'ERR_COPROC_MAILBOX_UNAVAILABLE',
		'mailboxes cannot be used here: of this. Hosts and workers must run the same version of coproc.',
	],
	[
		new errors.UnknownFunctionError({ worker: 'w', name: 'fibb', nearest: 'fib', known: ['fib', 'primes'] }),
		'ERR_COPROC_UNKNOWN_FUNCTION',
		'call of `fibb` failed: worker "w" has no function of that name. Did you mean `fib`?',
	],
	[
		new errors.NotInCallError('the code that asks belongs to no call'),
		'ERR_COPROC_NOT_IN_CALL',
		'currentCall() failed: the code that asks belongs to no call. Use it in functions that a host calls, until their result is given.',
	],
	[
		new errors.AbortIgnoredError({ worker: 'w', name: 'fib', abortGrace: 1000 }),
		'ERR_COPROC_ABORT_IGNORED',
		'worker "w" was ended: its call of fib() went on for 1000 ms after it was aborted. Look at `currentCall().aborted` in long loops, or raise `abortGrace`.',
	],
	[
		new errors.ValidationError({
			task: 'resize',
			subject: 'input',
			issues: [
				{ message: 'expected number', path: ['sizes', 0, 'width'] },
				{ message: 'too few', path: [] },
			],
		}),
		'ERR_COPROC_VALIDATION',
		'input of task "resize" was refused by its schema: input.sizes[0].width: expected number; too few',
	],
	[new errors.Exit(), 'ERR_COPROC_EXIT', 'process exits normally'],
	[
		new errors.UnhandledMessage({ name: 'p' }, ['hello', 1]),
		'ERR_COPROC_UNHANDLED_MESSAGE',
		"process \"p\" ended: no handler takes the message [ 'hello', 1 ]. Add one with `receive()`, or spawn it with `unhandled: 'dead-letter'`.",
	],
	[
		new errors.UnhandledChildExit('p', { name: 'c' }, new RangeError('x')),
		'ERR_COPROC_UNHANDLED_CHILD_EXIT',
		'process "p" ended: process "c", which it is linked to, ended because of RangeError: x. Handle [Exit, Process] to survive that.',
	],
	[
		new errors.UnserializableExit('[Function: f]\nmore', undefined),
		'ERR_COPROC_UNSERIALIZABLE_EXIT',
		'the reason of an exit could not be sent as it is: [Function: f]',
	],
	[
		new errors.NotMainProcessError('main.spawn()'),
		'ERR_COPROC_NOT_MAIN_PROCESS',
		'main.spawn() failed: this is a worker, and `main` lives in the thread that the program began with. Use the process that the target is given, or send `main` here in a message.',
	],
	[
		new errors.NotOwnProcessError('receive', { name: 'p' }),
		'ERR_COPROC_NOT_OWN_PROCESS',
		'receive() failed: process "p" lives in another worker. Call it there, on the process that its target is given.',
	],
	[
		new errors.ProcessGoneError({ name: 'p' }),
		'ERR_COPROC_PROCESS_GONE',
		'process "p" had ended, and why is not known here any more.',
	],
	[
		new errors.RestartLimitError({ supervisor: 's', child: 'c', max: 3, within: 5000, error: undefined }),
		'ERR_COPROC_RESTART_LIMIT',
		'supervisor "s" gave up: child "c" failed, and more than 3 restarts within 5000 ms are not allowed. Mend the child, or raise `intensity`.',
	],
	[
		new errors.ActorNotStartedError('Worker', 'send()'),
		'ERR_COPROC_ACTOR_NOT_STARTED',
		'send() failed: actor Worker was not started. Make it with `Worker.spawn()`.',
	],
];

describe('the errors', () => {
	it.each(TEXTS.map(([error, code, text]) => [error.constructor.name, error, code, text] as const))(
		'%s says what to do',
		(name, error, code, text) => {
			expect(error.message).toBe(text);
			expect(error.code).toBe(code);
			expect(error.name).toBe(name);
			expect(error).toBeInstanceOf(CoprocError);
			expect(Object.keys(error)).not.toContain('name');
			expect(error.stack).toContain(text.split('\n')[0]);
		},
	);

	it('have one class and one text for each code', () => {
		const codes = declaredCodes(readFile('src/errors/base.ts'));
		expect(TEXTS.map(([, code]) => code).toSorted()).toEqual([...codes].toSorted());
	});
});

describe('instanceof', () => {
	it('tells the classes apart, and bad arguments are TypeErrors too', () => {
		const [error] = TEXTS[0] as (typeof TEXTS)[number];
		expect(error instanceof errors.QueueFullError).toBe(false);
		expect(new errors.InvalidArgumentError('x') instanceof TypeError).toBe(true);
		expect(new errors.OptionError({ subject: 's', option: 'o', problem: 'p' }) instanceof errors.InvalidArgumentError).toBe(true);
		for (const other of [new Error('x'), null, undefined, 'ERR_COPROC_TIMEOUT', {}])
			expect(other instanceof CoprocError).toBe(false);
	});

	it('holds across two copies of the package', async () => {
		const built = await import('coproc');
		const fromTheOther = new built.TimeoutError({ what: 'x()', timeout: 1 });
		expect(built.TimeoutError).not.toBe(errors.TimeoutError);
		expect(fromTheOther instanceof errors.TimeoutError).toBe(true);
		expect(fromTheOther instanceof errors.CoprocError).toBe(true);
		expect(fromTheOther instanceof errors.QueueFullError).toBe(false);
	});
});

describe('QueueFullError of a pool', () => {
	it('counts calls instead of bytes', () => {
		const error = new errors.QueueFullError({ pool: 'p', maxQueue: 7 });
		expect(error.message).toBe(
			'call was not made: 7 calls wait in pool "p", which is its maxQueue. Await some of them or `drain()`, use `map()`, `stream()` or `mapUnordered()`, which wait by themselves, or raise `maxQueue`.',
		);
		expect(error).toMatchObject({ bytes: 0, queuedBytes: 0, maxQueuedBytes: Number.POSITIVE_INFINITY });
	});
});

describe('inspection of WorkerExitedError', () => {
	it('shows the last stderr lines once, and the cause', () => {
		const error = new errors.WorkerExitedError('w', {
			exitCode: null,
			signal: 'SIGKILL',
			stderr: 'a\nb',
			error: new RangeError('why'),
		});
		const text = inspect(error);
		expect(text).toContain('worker "w" exited (signal SIGKILL)');
		expect(text).toContain('[cause]: RangeError: why');
		expect(text).toMatch(/last stderr lines of worker "w":\n {4}a\n {4}b$/);
		expect(Object.keys(error)).not.toContain('stderr');
	});
});
