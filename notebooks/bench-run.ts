/*
 * Reads a run of the benchmark, as bench/run.mjs writes it.
 */
import { readdir, readFile } from 'node:fs/promises';

import type { Row } from './plot.ts';

interface Table {
	readonly question: string;
	readonly rows: readonly { readonly subject: string; readonly summary: Readonly<Record<string, { readonly median: number }>> }[];
}

/** What a run says, as far as it is drawn. */
export interface BenchRun {
	readonly date: string;
	readonly commit: string;
	readonly node: string;
	readonly machine: {
		readonly processor: string;
		readonly usableCpus: number;
		readonly system: string;
		readonly loadAverage: readonly number[];
	};
	readonly options: { readonly rounds: number };
	readonly conditions: readonly { readonly condition: string; readonly tables: readonly Table[] }[];
}

/** Which figures to draw. */
export interface Selection {
	readonly question: string;
	readonly condition?: string;
	readonly value: string;
	readonly high?: string;
	/** A subject whose figure is 1. */
	readonly relativeTo?: string;
	readonly order: 'ascending' | 'descending';
	/** Subjects that are left out. */
	readonly without?: RegExp;
}

const folder = new URL('../bench/results/', import.meta.url);

/** The newest whole run. */
export async function newestRun(): Promise<BenchRun> {
	const names = (await readdir(folder)).filter((one) => /^\d{4}-.*\.json$/.test(one));
	const runs = names.map(async (name) => JSON.parse(await readFile(new URL(name, folder), 'utf8')) as BenchRun);
	// Names end with a commit, which says nothing about the hour of the day.
	const newest = (await Promise.all(runs)).toSorted((a, b) => a.date.localeCompare(b.date)).at(-1);
	if (newest === undefined) throw new Error('bench/results/ holds no whole run: `npm run bench` makes one');
	return newest;
}

/** The figures of one question as rows of a plot, sorted, those of coproc marked. */
export function rowsOf(run: BenchRun, { question, condition = 'idle', order, without, ...wanted }: Selection): Row[] {
	const tables = run.conditions.find((one) => one.condition === condition)?.tables ?? [];
	const found = tables.find((one) => one.question === question)?.rows ?? [];
	const unit = found.find(({ subject }) => subject === wanted.relativeTo)?.summary[wanted.value]?.median ?? 1;
	const rows = found.flatMap(({ subject, summary }): Row[] => {
		const value = summary[wanted.value]?.median;
		if (value === undefined || without?.test(subject)) return [];
		const high = wanted.high === undefined ? undefined : summary[wanted.high]?.median;
		const isOurs = /^(?:coproc|processes) /.test(subject);
		return [{ label: subject, value: value / unit, isOurs, ...(high !== undefined && { high: high / unit }) }];
	});
	const sign = order === 'ascending' ? 1 : -1;
	return rows.toSorted((a, b) => sign * (a.value - b.value));
}
