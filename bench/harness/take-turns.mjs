/*
 * How does everyone do when they take turns? Rounds in which every subject is measured once, in another order each time, so
 * that a machine that is slow for a while is slow for all.
 */

/** How long to run a subject before its first round counts, in milliseconds: for the compiler, caches and adaptive waits. */
const WARM_UP_MS = { quick: 300, full: 700 };
/** What a slice may take beyond its own length before it counts as hanging, in milliseconds. */
const HANG_MS = { quick: 5000, full: 20_000 };

/**
 * @typedef {object} Row
 * @property {string} subject
 * @property {Record<string, number[]>} values One list per column, one value per round.
 * @property {string} [error] Why there is nothing more.
 * @property {boolean} [isSkipped] There was no time for it.
 */

/** @returns {Promise<Row[]>} */
export async function takeTurns({ question, subjects, hosts, options, budget, condition, progress, signal }) {
	const pace = options.isQuick ? 'quick' : 'full';
	const sliceMs = options.sliceMs * (question.slices ?? 1);
	const label = `${condition}: ${question.name}`;
	/** @type {Row[]} */
	const rows = subjects.map((subject) => ({ subject, values: {} }));
	const slice = async (row, ms) => {
		if (signal.aborted || row.isSkipped || row.error !== undefined) return undefined;
		try {
			const host = await hosts.get(row.subject);
			return await host.ask('measure', { question: question.name, ms }, HANG_MS[pace] + 5 * ms);
		} catch (error) {
			row.error = error.message;
			return undefined;
		}
	};
	for (const row of rows) {
		progress.show(label, `starting ${row.subject}`);
		row.isSkipped = budget.isSpent;
		await slice(row, WARM_UP_MS[pace]);
	}
	for (let round = 0; round < options.rounds && !(round > 0 && budget.isSpent); round += 1) {
		for (const row of rotate(rows, round)) {
			progress.show(label, `round ${round + 1}/${options.rounds}  ${row.subject}`);
			addValues(row, await slice(row, sliceMs));
		}
	}
	return rows;
}

/** Adds the values of one round. */
export function addValues(row, values) {
	for (const [key, value] of Object.entries(values ?? {})) (row.values[key] ??= []).push(value);
}

/** Every other round the other way round, each starting somewhere else: nobody always runs after the same one. */
function rotate(rows, round) {
	const start = (round * 5) % rows.length;
	const order = [...rows.slice(start), ...rows.slice(0, start)];
	return round % 2 === 0 ? order : order.toReversed();
}
