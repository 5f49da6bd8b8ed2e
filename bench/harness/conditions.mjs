/*
 * Under which conditions is it measured? On a machine left alone, pinned to one CPU, and with a busy neighbour on every core.
 */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

import { allowedCpus } from './machine.mjs';

const neighbour = fileURLToPath(new URL('neighbour.mjs', import.meta.url));

/** @typedef {{ prefix: readonly string[], how: string, close: () => Promise<void> }} Setting */

/**
 * Brings a condition about. `prefix` goes before the command of every host.
 *
 * @param {import('./arguments.mjs').Condition} condition
 * @param {Record<string, string>} env
 * @returns {Promise<Setting | { unavailable: string }>}
 */
export async function setUp(condition, env) {
	if (condition === 'pinned') return pin();
	if (condition === 'busy') return startNeighbours(env);
	return { prefix: [], how: 'nothing started beside it', close: async () => {} };
}

function pin() {
	const [cpu = 0] = allowedCpus();
	if (!hasTaskset()) return { unavailable: 'there is no taskset here to pin with' };
	return { prefix: ['taskset', '-c', String(cpu)], how: `host and worker on CPU ${cpu} alone`, close: async () => {} };
}

async function startNeighbours(env) {
	const cpus = allowedCpus();
	const isPinned = cpus.length > 0 && hasTaskset();
	const children = Array.from({ length: cpus.length || availableParallelism() }, (_, index) => {
		const [execPath, ...execArgv] = [...(isPinned ? ['taskset', '-c', String(cpus[index])] : []), process.execPath];
		return fork(neighbour, [], {
			execPath,
			execArgv,
			env: { ...process.env, ...env },
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
	});
	const gone = children.map((child) => new Promise((resolve) => child.once('exit', resolve).once('error', resolve)));
	const close = async () => {
		for (const child of children) child.kill('SIGKILL');
		await Promise.all(gone);
	};
	const started = Promise.all(children.map((child) => once(child, 'message'))).then(() => true);
	if ((await Promise.race([started, ...gone]).catch(() => false)) !== true) {
		await close();
		return { unavailable: 'a busy neighbour did not start' };
	}
	return { prefix: [], how: `${children.length} spinning processes of normal priority, one for each CPU`, close };
}

function hasTaskset() {
	return spawnSync('taskset', ['-c', String(allowedCpus()[0] ?? 0), 'true'], { stdio: 'ignore' }).status === 0;
}
