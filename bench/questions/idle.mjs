/*
 * What does an idle worker cost? Wake-ups and processor time of host and worker over a second in which nobody calls.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { descendants, usageOf } from '../harness/processes.mjs';
import { addValues } from '../harness/take-turns.mjs';
import { question as roundTrip } from './round-trip.mjs';

const WINDOW_MS = 1000;
/** From the last call to the first window: what still happens then (collecting garbage, compiling) is not idleness. */
const SETTLE_MS = 1000;
const WARM_UP_MS = 100;
const HANG_MS = 30_000;

export const question = {
	name: 'idle',
	title: 'One second of idleness after calls, host and worker together',
	subjects: roundTrip.subjects.filter((name) => !/^spin|tuned|advanced/.test(name)),
	columns: [
		{ key: 'wakeUps', head: 'wake-ups' },
		{ key: 'cpuMs', head: 'CPU ms' },
	],
	main: 'wakeUps',
	baselines: ['postMessage', 'fork json'],
	/** Nothing is so many times nothing. */
	ratios: [],
	notes: ['wake-ups: voluntary context switches of all threads, from /proc; all subjects are watched in the same seconds'],
	collect,
};

async function collect({ subjects, hosts, options, budget, condition, progress, signal }) {
	if (process.platform !== 'linux')
		return subjects.map((subject) => ({ subject, values: {}, error: 'only Linux tells wake-ups' }));
	const rows = [];
	for (const subject of subjects) {
		if (signal.aborted) return rows;
		progress.show(`${condition}: idle`, subject);
		const row = { subject, values: {}, pids: [] };
		rows.push(row);
		try {
			const host = await hosts.get(subject);
			await host.ask('measure', { question: 'round-trip', ms: WARM_UP_MS }, HANG_MS);
			row.pids = [host.pid, ...descendants(host.pid)];
		} catch (error) {
			row.error = error.message;
		}
	}
	await sleep(SETTLE_MS, undefined, { signal }).catch(() => {});
	for (let round = 0; round < options.rounds && !signal.aborted && !(round > 0 && budget.isSpent); round += 1) {
		progress.show(`${condition}: idle`, `second ${round + 1}/${options.rounds}`);
		const before = rows.map(usage);
		await sleep(WINDOW_MS, undefined, { signal }).catch(() => {});
		rows.map(usage).forEach((now, index) => {
			if (rows[index].error !== undefined) return;
			addValues(rows[index], { wakeUps: now.wakeUps - before[index].wakeUps, cpuMs: now.cpuMs - before[index].cpuMs });
		});
	}
	return rows;
}

function usage({ pids }) {
	const all = pids.map(usageOf);
	return { wakeUps: all.reduce((sum, one) => sum + one.wakeUps, 0), cpuMs: all.reduce((sum, one) => sum + one.cpuMs, 0) };
}
