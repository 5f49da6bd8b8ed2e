/*
 * Who runs the subjects? Host processes, one per subject, started at the first use and ended by their id, whatever happens.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { descendants, killProcess } from './processes.mjs';

const program = fileURLToPath(new URL('host.mjs', import.meta.url));
const STDERR_BYTES = 4000;
/** How long after its exit a host's stderr is waited for, in milliseconds. */
const STDERR_GRACE = 200;
/** From asking a host to close to killing it, in milliseconds. */
const CLOSE_LIMIT = 5000;
/** From the start of a host to its first answer, in milliseconds: rivals may load slowly beside busy neighbours. */
const START_LIMIT = 30_000;

/** One host process. Every answer it owes is settled, whatever becomes of it. */
class Host {
	/** Why it can no longer be used; undefined while it can. @type {string | undefined} */
	failure;
	#child;
	#exited;
	#lastId = 0;
	#stderr = '';
	/** @type {Map<number, (answer: { value?: unknown, error?: string }) => void>} */
	#pending = new Map();

	/**
	 * @param {string} subject
	 * @param {{ prefix: readonly string[], env: Record<string, string> }} launch
	 */
	constructor(subject, { prefix, env }) {
		const [execPath, ...execArgv] = [...prefix, process.execPath];
		const stdio = /** @type {const} */ (['ignore', 'ignore', 'pipe', 'ipc']);
		const child = fork(program, [subject], { execPath, execArgv, env: { ...process.env, ...env }, stdio: [...stdio] });
		this.#child = child;
		child.stderr?.on('data', (chunk) => {
			this.#stderr = `${this.#stderr}${chunk}`.slice(-STDERR_BYTES);
		});
		child.on('message', (/** @type {{ id: number }} */ answer) => this.#pending.get(answer.id)?.(answer));
		this.#exited = new Promise((resolve) => {
			child.once('error', (error) => resolve(this.#end(`its host did not start: ${error.message}`)));
			// Not 'close': it does not come when this side has disconnected the channel.
			child.once('exit', (code, signal) => {
				const reason = `its host ended with ${signal ?? `exit code ${code}`}`;
				void readToEnd(child.stderr).then(() => resolve(this.#end(reason)));
			});
		});
	}

	get pid() {
		return this.#child.pid;
	}

	/**
	 * Has the host do something. Rejects when it fails, dies or takes longer than `limit` ms; it is killed then.
	 *
	 * @param {string} operation
	 * @param {object} options
	 * @param {number} limit
	 */
	async ask(operation, options, limit) {
		if (this.failure !== undefined) throw new Error(this.failure);
		this.#lastId += 1;
		const id = this.#lastId;
		const answered = new Promise((resolve) => this.#pending.set(id, resolve));
		const timer = setTimeout(() => this.kill(`${operation} did not end within ${limit} ms: it hangs`), limit);
		// A host that dies first settles this through its exit.
		this.#child.send({ id, operation, options }, () => {});
		const { value, error } = await answered;
		clearTimeout(timer);
		this.#pending.delete(id);
		if (error !== undefined) throw new Error(error);
		return value;
	}

	/** Closes the subject, then the host; resolves when the host is gone. */
	async close() {
		if (this.failure === undefined) await this.ask('close', {}, CLOSE_LIMIT).catch(() => {});
		if (this.#child.connected) this.#child.disconnect();
		const timer = setTimeout(() => this.kill('it did not close'), CLOSE_LIMIT);
		await this.#exited;
		clearTimeout(timer);
	}

	/** Ends the host and everything below it at once. */
	kill(reason) {
		const pid = this.#child.pid;
		const below = pid === undefined ? [] : descendants(pid);
		this.#fail(reason);
		this.#child.kill('SIGKILL');
		below.forEach(killProcess);
	}

	#end(reason) {
		const lines = this.#stderr.trim();
		this.#fail(lines === '' ? reason : `${reason}; it said: ${lines}`);
	}

	#fail(reason) {
		this.failure ??= reason;
		for (const settle of this.#pending.values()) settle({ error: this.failure });
	}
}

/** Resolves when all was read, or shortly after when somebody else holds the stream open. */
async function readToEnd(stream) {
	if (stream && !stream.destroyed) await Promise.race([once(stream, 'close'), sleep(STDERR_GRACE, undefined, { ref: false })]);
}

/** The hosts of one condition. */
export class Hosts {
	#launch;
	/** @type {Map<string, Host>} */
	#running = new Map();
	/** Every host that is not known to be gone. @type {Set<Host>} */
	#all = new Set();

	/** @param {{ prefix: readonly string[], env: Record<string, string> }} launch */
	constructor(launch) {
		this.#launch = launch;
	}

	/** The host of a subject, with the subject started in it. Rejects when that fails or has failed before. */
	async get(subject) {
		const running = this.#running.get(subject);
		if (running) {
			if (running.failure !== undefined) throw new Error(running.failure);
			return running;
		}
		const host = this.open(subject);
		this.#running.set(subject, host);
		try {
			await host.ask('start', {}, START_LIMIT);
		} catch (error) {
			host.kill(error.message);
			throw error;
		}
		return host;
	}

	/** A new host that has started nothing yet; whoever opens it closes it. */
	open(subject) {
		const host = new Host(subject, this.#launch);
		this.#all.add(host);
		return host;
	}

	/** @param {Host} host */
	async close(host) {
		await host.close();
		this.#all.delete(host);
	}

	/** Ends every host at once. */
	killAll(reason) {
		for (const host of this.#all) host.kill(reason);
	}

	/** Closes every host; resolves when all are gone. */
	async closeAll() {
		await Promise.all([...this.#all].map((host) => this.close(host)));
	}
}
