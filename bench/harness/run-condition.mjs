/*
 * What are the answers under one condition? Brings it about, asks every question, and leaves nothing running.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { SUBJECTS } from '../subjects/list.mjs';
import { QUESTIONS } from './arguments.mjs';
import { setUp } from './conditions.mjs';
import { Hosts } from './hosts.mjs';
import { watchOthers } from './others.mjs';
import { commandOf, killProcess, MARK, markedProcesses } from './processes.mjs';
import { makeTable } from './make-table.mjs';

/** How long what a subject leaves behind may take to end by itself, in milliseconds. */
const LINGER_MS = 2000;
/** What is asked when the machine is not idle, unless questions are named: what depends on who else has a processor. */
const BUSY_QUESTIONS = ['round-trip', 'pipelined', 'idle'];

/** Adds the answers to `run.conditions`, and hands out each table when it is ready. */
export async function runCondition({ condition, options, budget, hasRivals, progress, signal, run, onTable }) {
	if (signal.aborted) return;
	const mark = `${process.pid}-${Date.now()}`;
	const env = { [MARK]: mark };
	const record = { condition, how: '', tables: [], failures: [] };
	run.conditions.push(record);
	const setting = await setUp(condition, env);
	if ('unavailable' in setting) {
		onTable({ condition, unavailable: setting.unavailable });
		record.unavailable = setting.unavailable;
		return;
	}
	record.how = setting.how;
	const hosts = new Hosts({ prefix: setting.prefix, env });
	const onAbort = () => hosts.killAll('interrupted');
	signal.addEventListener('abort', onAbort, { once: true });
	try {
		const questions = await Promise.all(
			options.questions.map(async (name) => (await import(`../questions/${name}.mjs`)).question),
		);
		const asked = questions
			.map((question) => ({ question, subjects: selectSubjects(question, { condition, options, hasRivals }) }))
			.filter(({ subjects }) => subjects.length > 0);
		for (const [index, { question, subjects }] of asked.entries()) {
			if (signal.aborted) continue;
			const share = budget.share(question.weight ?? 1, asked.length - 1 - index);
			const others = watchOthers();
			const rows = await question.collect({ question, subjects, hosts, options, budget: share, condition, progress, signal });
			if (signal.aborted) continue;
			const table = { ...makeTable(question, rows, condition), others: others(), plannedRounds: options.rounds };
			record.tables.push(table);
			for (const { subject, error } of table.rows) if (error) record.failures.push({ question: question.name, subject, error });
			progress.clear();
			onTable(table, record);
		}
	} finally {
		signal.removeEventListener('abort', onAbort);
		await hosts.closeAll();
		await setting.close();
		record.failures.push(...(await endLeftovers(mark)));
	}
}

/** Which subjects a question is about here; none when it is not asked here. */
function selectSubjects(question, { condition, options, hasRivals }) {
	const isShort = options.isQuick && condition !== 'idle';
	if (condition !== 'idle' && options.questions === QUESTIONS && !BUSY_QUESTIONS.includes(question.name)) return [];
	const known = question.subjects.filter((name) => {
		const { isRival, spins } = SUBJECTS[name];
		return !(isRival && (isShort || !hasRivals)) && !(spins && condition === 'pinned');
	});
	if (options.subjects.length === 0) return known;
	const wanted = known.filter((name) => options.subjects.some((part) => name.includes(part)));
	return wanted.length === 0 ? [] : known.filter((name) => wanted.includes(name) || question.baselines.includes(name));
}

/** Waits for everything that this condition started to be gone, and ends what is not, by its id. */
async function endLeftovers(mark) {
	const limit = performance.now() + LINGER_MS;
	while (markedProcesses(mark).length > 0 && performance.now() < limit) await sleep(50);
	return markedProcesses(mark).map((pid) => {
		const error = `left process ${pid} behind: ${commandOf(pid)}`;
		killProcess(pid);
		console.error(`${error} (ended now)`);
		return { question: '', subject: '', error };
	});
}
