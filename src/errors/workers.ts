import { inspect } from 'node:util';

import { CoprocError, nameErrorClass } from './base.ts';

/** How a worker ended. */
export interface ExitInfo {
	/** Exit code; null when a signal ended it. */
	readonly exitCode: number | null;
	/** The signal that ended it, such as `'SIGKILL'`; null otherwise. */
	readonly signal: string | null;
	/** The uncaught error that ended it, when there was one. */
	readonly error?: unknown;
	/** The last lines of its stderr (at most 20), when there were any. */
	readonly stderr?: string;
}

/** Thrown to whoever waits for a worker that has exited, after everything it had sent was delivered. */
export class WorkerExitedError extends CoprocError {
	/** The worker's name. */
	readonly worker: string;
	/** Exit code; null when a signal ended it. */
	readonly exitCode: number | null;
	/** The signal that ended it, such as `'SIGKILL'`; null otherwise. */
	readonly signal: string | null;
	/** The last lines of its stderr (at most 20); `util.inspect` shows them. */
	declare readonly stderr: string | undefined;

	constructor(worker: string, info: ExitInfo) {
		const how = info.signal ? `signal ${info.signal}` : `exit code ${String(info.exitCode)}`;
		const last = info.stderr?.trimEnd().split('\n').at(-1);
		super(
			'ERR_COPROC_WORKER_EXITED',
			`worker "${worker}" exited (${how}) and nothing more will come from it.` + (last ? ` Last stderr line: ${last}` : ''),
			info.error === undefined ? undefined : { cause: info.error },
		);
		this.worker = worker;
		this.exitCode = info.exitCode;
		this.signal = info.signal;
		// Not enumerable: twenty lines belong in the inspection below, once, not in every log that prints own properties.
		Object.defineProperty(this, 'stderr', { value: info.stderr, enumerable: false });
	}

	[inspect.custom](depth: number, options: object): string {
		const plain = Object.assign(Object.create(Error.prototype) as Error, {
			code: this.code,
			exitCode: this.exitCode,
			signal: this.signal,
		});
		Object.defineProperty(plain, 'stack', { value: this.stack });
		if (this.cause !== undefined) Object.defineProperty(plain, 'cause', { value: this.cause });
		const text = inspect(plain, { ...options, depth });
		return this.stderr ? `${text}\nlast stderr lines of worker "${this.worker}":\n${indent(this.stderr)}` : text;
	}
}

/** Thrown by what needs a living worker before the first start: `messenger`, `join()`, `terminate()`. */
export class WorkerIsDeadError extends CoprocError {
	constructor(worker: string, what: string) {
		super('ERR_COPROC_WORKER_DEAD', `${what} failed: worker "${worker}" has not been started. Call \`start()\` first.`);
	}
}

/** Thrown by `join()` and `terminate()` when the worker has already exited; `checkAlive: false` gives its ExitInfo instead. */
export class WorkerIsAlreadyDeadError extends CoprocError {
	constructor(worker: string, what: string) {
		super(
			'ERR_COPROC_WORKER_ALREADY_DEAD',
			`${what} failed: worker "${worker}" has already exited. Pass \`{ checkAlive: false }\` to get how it ended, or start it again.`,
		);
	}
}

/** Thrown by `start()` while the worker is starting or alive. */
export class WorkerIsAlreadyAliveError extends CoprocError {
	constructor(worker: string) {
		super(
			'ERR_COPROC_WORKER_ALIVE',
			`start() failed: worker "${worker}" is already alive. Await \`join()\` or \`terminate()\` before you start it again.`,
		);
	}
}

/** Thrown by `start()` when the worker could not begin its work; the resource can be started again. */
export class WorkerStartError extends CoprocError {
	constructor(worker: string, why: string, options?: ErrorOptions) {
		super('ERR_COPROC_WORKER_START', `worker "${worker}" could not start: ${why}`, options);
	}
}

/** Thrown by `start()` when the transport that the options insist on cannot be had on this machine. */
export class TransportUnavailableError extends CoprocError {
	constructor(facts: { transport: string; reason: string }) {
		super(
			'ERR_COPROC_TRANSPORT_UNAVAILABLE',
			`transport "${facts.transport}" is not available: ${facts.reason}. Use \`transport: 'auto'\` to fall back to the pipe.`,
		);
	}
}

function indent(lines: string): string {
	return lines
		.trimEnd()
		.split('\n')
		.map((line) => `    ${line}`)
		.join('\n');
}

nameErrorClass(WorkerExitedError, 'WorkerExitedError');
nameErrorClass(WorkerIsDeadError, 'WorkerIsDeadError');
nameErrorClass(WorkerIsAlreadyDeadError, 'WorkerIsAlreadyDeadError');
nameErrorClass(WorkerIsAlreadyAliveError, 'WorkerIsAlreadyAliveError');
nameErrorClass(WorkerStartError, 'WorkerStartError');
nameErrorClass(TransportUnavailableError, 'TransportUnavailableError');
