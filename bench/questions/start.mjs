/*
 * How long does it take from nothing to the first reply?
 */
import { addValues } from '../harness/take-turns.mjs';
import { median } from '../harness/statistics.mjs';
import { question as roundTrip } from './round-trip.mjs';

const REPEAT = { quick: 2, full: 5 };
const HANG_MS = { quick: 15_000, full: 60_000 };

export const question = {
	name: 'start',
	weight: 1.5,
	title: 'Start to first reply, milliseconds',
	subjects: roundTrip.subjects.filter((name) => !/^spin|blocking|tuned|advanced/.test(name)),
	columns: [
		{ key: 'warm', head: 'again' },
		{ key: 'cold', head: 'first in its process' },
		{ key: 'load', head: 'loading the library' },
	],
	main: 'warm',
	baselines: ['postMessage', 'fork json'],
	notes: ['postMessage is a bare Worker, fork json a bare child_process.fork; each round has a new host process'],
	collect,
};

async function collect({ subjects, hosts, options, budget, condition, progress, signal }) {
	const pace = options.isQuick ? 'quick' : 'full';
	const rows = subjects.map((subject) => ({ subject, values: {} }));
	for (let round = 0; round < options.rounds && !(round > 0 && budget.isSpent); round += 1) {
		for (const row of rows) {
			row.isSkipped ||= budget.isSpent && round === 0;
			if (signal.aborted || row.isSkipped || row.error !== undefined) continue;
			progress.show(`${condition}: start`, `round ${round + 1}/${options.rounds}  ${row.subject}`);
			const host = hosts.open(row.subject);
			try {
				const { load, cold, warm } = await host.ask('startToReply', { repeat: REPEAT[pace] }, HANG_MS[pace]);
				addValues(row, { load, cold, warm: median(warm) });
			} catch (error) {
				row.error = error.message;
			}
			await hosts.close(host);
		}
	}
	return rows;
}
