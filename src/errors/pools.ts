import { CoprocError, nameErrorClass } from './base.ts';

/** Thrown by calls of a pool that has been disposed of, and by those that were still waiting for a worker when it was. */
export class PoolClosedError extends CoprocError {
	/** The pool's name. */
	readonly pool: string;

	constructor(facts: { pool: string; what: string }) {
		super(
			'ERR_COPROC_POOL_CLOSED',
			`${facts.what} did not run: pool "${facts.pool}" was disposed of. Await the calls, or \`drain()\`, before its block ends.`,
		);
		this.pool = facts.pool;
	}
}

/**
 * Thrown by all calls of a pool that has given up: its workers ended, or failed to start, more often than `restart` allows. The
 * cause is how the last one did. Open another pool.
 */
export class PoolFailedError extends CoprocError {
	/** The pool's name. */
	readonly pool: string;

	constructor(facts: { pool: string; max: number; withinMs: number; cause: unknown }) {
		super(
			'ERR_COPROC_POOL_FAILED',
			`pool "${facts.pool}" has given up: its workers ended or failed to start more than ${facts.max} times within ${facts.withinMs} ms. ` +
				'Look at the cause, or allow more by `restart: { max, withinMs }`.',
			{ cause: facts.cause },
		);
		this.pool = facts.pool;
	}
}

nameErrorClass(PoolClosedError, 'PoolClosedError');
nameErrorClass(PoolFailedError, 'PoolFailedError');
