import { type Given, oneOf, type OptionSpec, parseCommandLine, wholeNumber } from './command-line.ts';
import type { InputPlan } from './inputs.ts';
import type { InputKind } from './item.ts';
import type { ProgressMode } from './progress.ts';
import { UsageError } from './usage.ts';

/** What `coproc map` is to do. */
export interface MapPlan {
	/** `MODULE` or `MODULE#export`. */
	readonly function: string;
	readonly input: InputPlan;
	readonly kind: InputKind;
	/** Undefined for as many as the machine runs at once. */
	readonly workers: number | undefined;
	readonly backend: 'process' | 'thread';
	readonly transport: 'auto' | 'ring' | 'pipe';
	readonly isOrdered: boolean;
	readonly chunk: number | 'auto';
	readonly keepsGoing: boolean;
	/** Milliseconds that one item may run. */
	readonly timeout: number | undefined;
	readonly retry: number;
	readonly reduce: string | undefined;
	/** What the fold starts with, as JSON. */
	readonly initial: string | undefined;
	readonly out: string | undefined;
	readonly progress: ProgressMode;
	readonly isVerbose: boolean;
}

const OPTIONS = {
	glob: { takes: 'values' },
	lines: { takes: 'values' },
	json: { takes: 'nothing' },
	text: { takes: 'nothing' },
	workers: { takes: 'value', short: 'w' },
	backend: { takes: 'value' },
	transport: { takes: 'value' },
	unordered: { takes: 'nothing' },
	chunk: { takes: 'value' },
	'keep-going': { takes: 'nothing', short: 'k' },
	timeout: { takes: 'value' },
	retry: { takes: 'value' },
	reduce: { takes: 'value' },
	initial: { takes: 'value' },
	out: { takes: 'value', short: 'o' },
	progress: { takes: 'value' },
	verbose: { takes: 'nothing', short: 'v' },
	help: { takes: 'nothing', short: 'h' },
} as const satisfies Record<string, OptionSpec>;

const MAX_WORKERS = 1024;
/** Longest timer of Node, in milliseconds: some 24 days. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/**
 * Reads what follows `coproc map`. Throws UsageError for what is unknown, out of range or contradictory.
 *
 * @param hasStdin whether something may come from standard input: it is read when no other input is given
 */
export function readMapOptions(argv: readonly string[], hasStdin: boolean): MapPlan | 'help' {
	const given = parseCommandLine(argv, OPTIONS);
	if (given.has('help')) return 'help';
	const [name, ...values] = given.inputs;
	if (name === undefined) throw new UsageError('coproc map needs a module: coproc map MODULE[#export] [INPUT...]');
	checkCombinations(given);
	const kind = given.has('json') ? 'json' : given.has('text') ? 'text' : 'auto';
	return {
		function: name,
		input: inputPlan(given, values, kind, hasStdin),
		kind,
		workers: wholeNumber(given, 'workers', MAX_WORKERS),
		backend: oneOf(given, 'backend', ['process', 'thread']),
		transport: oneOf(given, 'transport', ['auto', 'ring', 'pipe']),
		isOrdered: !given.has('unordered'),
		chunk: wholeNumber(given, 'chunk', Number.MAX_SAFE_INTEGER) ?? 'auto',
		keepsGoing: given.has('keep-going'),
		timeout: wholeNumber(given, 'timeout', MAX_TIMEOUT),
		retry: wholeNumber(given, 'retry', 1000) ?? 0,
		reduce: given.value('reduce'),
		initial: initialValue(given),
		out: given.value('out'),
		progress: oneOf(given, 'progress', ['auto', 'always', 'never']),
		isVerbose: given.has('verbose'),
	};
}

function checkCombinations(given: Given): void {
	if (given.has('json') && given.has('text')) throw new UsageError('--json and --text contradict each other');
	if (given.has('initial') && !given.has('reduce')) throw new UsageError('--initial is for --reduce');
	if (given.has('timeout') && given.has('chunk'))
		throw new UsageError('--timeout has items travel one by one: leave out --chunk');
	if (given.values('lines').filter((name) => name === '-').length > 1)
		throw new UsageError('standard input can be read once: give --lines - once');
}

function inputPlan(given: Given, values: readonly string[], kind: InputKind, hasStdin: boolean): InputPlan {
	const globs = given.values('glob');
	const lines = given.values('lines');
	const skipsBlank = kind !== 'text';
	if (values.length > 0 || globs.length > 0 || lines.length > 0) return { values, globs, lines, skipsBlank };
	if (hasStdin) return { values, globs, lines: ['-'], skipsBlank };
	throw new UsageError('there is no input: give INPUTs, --glob PATTERN or --lines FILE, or pipe lines in');
}

function initialValue(given: Given): string | undefined {
	const text = given.value('initial');
	if (text === undefined) return undefined;
	try {
		JSON.parse(text);
		return text;
	} catch (error) {
		throw new UsageError(`--initial must be JSON, not ${text} (text needs quotes: '"text"')`, { cause: error });
	}
}
