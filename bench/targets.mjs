/*
 * What must coproc reach? The targets of DESIGN section 9; the bench tells which are met and fails for none.
 */
import { PROCESSORS } from './subjects/list.mjs';

const RINGS = ['coproc process-ring', 'coproc thread-ring'];
const CALLS = RINGS.map((name) => `${name} calls`);
const RINGS_ONE_WAY = RINGS.flatMap((name) => [name, `${name} batches`, `${name} blocking`]);

/** True or false; undefined when the figures for it are missing. */
const atMost = (value, limit) => (value === undefined ? undefined : value <= limit);
const atLeast = (value, limit) => (value === undefined ? undefined : value >= limit);

/**
 * @typedef {object} Facts
 * @property {Record<string, import('./harness/statistics.mjs').Summary>} summary
 * @property {import('./harness/take-turns.mjs').Row[]} rows
 * @property {string} main
 * @property {(baseline: string) => number | undefined} ratio Median of the rounds' ratios in the main column.
 */

/** @type {{ question: string, conditions: string[], subjects: string[], text: string, isMet: (facts: Facts) => boolean | undefined }[]} */
export const TARGETS = [
	{
		question: 'round-trip',
		conditions: ['idle'],
		subjects: [...CALLS, ...RINGS],
		text: 'p50 <= 3 us',
		isMet: ({ summary }) => atMost(summary.p50?.median, 3),
	},
	{
		question: 'round-trip',
		conditions: ['idle'],
		subjects: [...CALLS, ...RINGS],
		text: '<= 1/15 of postMessage',
		isMet: ({ ratio }) => atMost(ratio('postMessage'), 1 / 15),
	},
	{
		question: 'round-trip',
		conditions: ['pinned', 'busy'],
		subjects: [...CALLS, ...RINGS],
		text: '<= 1.1 x postMessage',
		isMet: ({ ratio }) => atMost(ratio('postMessage'), 1.1),
	},
	{
		question: 'pipelined',
		conditions: ['idle'],
		subjects: [...CALLS, ...RINGS],
		text: '>= 1.5 x postMessage',
		isMet: ({ ratio }) => atLeast(ratio('postMessage'), 1.5),
	},
	{
		question: 'pipelined',
		conditions: ['idle'],
		subjects: CALLS,
		text: '>= 50 x piscina',
		isMet: ({ ratio }) => atLeast(ratio('piscina'), 50),
	},
	{
		question: 'one-way',
		conditions: ['idle'],
		subjects: RINGS_ONE_WAY,
		text: '>= 2 M/s',
		isMet: ({ summary }) => atLeast(summary.rate?.median, 2),
	},
	{
		question: 'one-way',
		conditions: ['idle'],
		subjects: ['raw ring, process', 'raw ring, thread'],
		text: '>= 20 M/s',
		isMet: ({ summary }) => atLeast(summary.rate?.median, 20),
	},
	{
		question: 'echo',
		conditions: ['idle'],
		subjects: ['coproc process-ring'],
		text: '>= 60 % of memcpy',
		isMet: ({ ratio }) => atLeast(ratio('memcpy mapped'), 0.6),
	},
	{
		question: 'echo',
		conditions: ['idle'],
		subjects: ['coproc thread-ring'],
		text: '>= 50 % of memcpy',
		isMet: ({ ratio }) => atLeast(ratio('memcpy shared'), 0.5),
	},
	{ question: 'echo', conditions: ['idle'], subjects: RINGS, text: 'faster than every rival', isMet: beatsRivals },
	{
		question: 'start',
		conditions: ['idle'],
		subjects: ['coproc thread-ring'],
		text: '<= 1.15 x bare Worker',
		isMet: ({ ratio }) => atMost(ratio('postMessage'), 1.15),
	},
	{
		question: 'start',
		conditions: ['idle'],
		subjects: ['coproc process-ring'],
		text: '<= 1.15 x bare fork',
		isMet: ({ ratio }) => atMost(ratio('fork json'), 1.15),
	},
	{
		question: 'pool-work',
		conditions: ['idle'],
		subjects: ['coproc process pool map', 'coproc thread pool map'],
		text: `>= 95 % of ${PROCESSORS} x one thread`,
		isMet: ({ ratio }) => atLeast(ratio('one thread'), 0.95 * PROCESSORS),
	},
	{
		question: 'idle',
		conditions: ['idle', 'pinned', 'busy'],
		subjects: [...CALLS, ...RINGS, 'coproc process-pipe', 'coproc thread-port', ...RINGS.map((name) => `${name} blocking`)],
		text: '0 wake-ups, 0 CPU',
		// Half a millisecond in a second: what the clock of /proc cannot tell from nothing.
		isMet: ({ summary }) => atMost(summary.wakeUps?.median, 0) && atMost(summary.cpuMs?.median, 0.5),
	},
];

/** @param {Facts} facts */
function beatsRivals({ summary, rows, main }) {
	const own = summary[main]?.median;
	const rivals = rows.filter(({ subject, values }) => !/^(coproc|memcpy|postMessage|fork)/.test(subject) && values[main]);
	if (own === undefined || rivals.length === 0) return undefined;
	return rivals.every(({ values }) => own >= Math.max(...values[main]));
}
