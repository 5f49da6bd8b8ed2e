import { parseArgs } from 'node:util';

import { nearestName } from '../internal/nearest-name.ts';
import { UsageError } from './usage.ts';

/** An option of a command: one that takes a value, perhaps several times, or one that is there or not. */
export interface OptionSpec {
	readonly takes: 'value' | 'values' | 'nothing';
	readonly short?: string;
}

/** What was given: values by the name of their option, and what is no option. */
export interface Given {
	readonly inputs: readonly string[];
	has(name: string): boolean;
	/** The value of an option, the last where it was given several times. */
	value(name: string): string | undefined;
	values(name: string): readonly string[];
}

/** Takes a command line apart. Throws UsageError, with the nearest known name, for an option that is unknown or lacks its value. */
export function parseCommandLine(argv: readonly string[], specs: Readonly<Record<string, OptionSpec>>): Given {
	const options = Object.fromEntries(
		Object.entries(specs).map(([name, { takes, short }]) => [
			name,
			{ type: takes === 'nothing' ? 'boolean' : 'string', multiple: true, ...(short && { short }) } as const,
		]),
	);
	const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true });
	const inputs: string[] = [];
	const found = new Map<string, string[]>();
	for (const token of tokens) {
		if (token.kind === 'positional') inputs.push(token.value);
		if (token.kind !== 'option') continue;
		const { name, rawName, value, inlineValue } = token;
		const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
		if (!spec) throw unknownOption(name, rawName, Object.keys(specs));
		if (spec.takes === 'nothing' && value !== undefined) throw new UsageError(`${rawName} takes no value, and got "${value}"`);
		if (spec.takes !== 'nothing') checkValue(rawName, value, inlineValue === true);
		found.set(name, [...(found.get(name) ?? []), value ?? '']);
	}
	return {
		inputs,
		has: (name) => found.has(name),
		value: (name) => found.get(name)?.at(-1),
		values: (name) => found.get(name) ?? [],
	};
}

function unknownOption(name: string, rawName: string, known: readonly string[]): UsageError {
	if (/^-\d/.test(rawName)) return new UsageError(`unknown option ${rawName}. If it is an input, put -- before the inputs`);
	const nearest = rawName.startsWith('--') ? nearestName(name, known) : undefined;
	return new UsageError(`unknown option ${rawName}${nearest === undefined ? '' : `. Did you mean --${nearest}?`}`);
}

/** `--out --unordered` is a value that was forgotten; `-` alone is a value, and so is what is joined by `=`. */
function checkValue(rawName: string, value: string | undefined, isInline: boolean): void {
	if (value === undefined || value === '') throw new UsageError(`${rawName} needs a value`);
	if (!isInline && value.startsWith('-') && value !== '-')
		throw new UsageError(
			`${rawName} needs a value, and ${value} looks like an option. If it is the value, write ${rawName}=${value}`,
		);
}

/** The number that an option was given, or undefined. Throws UsageError for anything but a whole number from 1 to `max`. */
export function wholeNumber(given: Given, name: string, max: number): number | undefined {
	const text = given.value(name);
	if (text === undefined) return undefined;
	const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
	if (number >= 1 && number <= max) return number;
	throw new UsageError(`--${name} must be a whole number from 1 to ${max}, not "${text}"`);
}

/** The word that an option was given, or the first of `words`. Throws UsageError, with the nearest word, for any other. */
export function oneOf<T extends string>(given: Given, name: string, words: readonly [T, ...T[]]): T {
	const text = given.value(name);
	if (text === undefined) return words[0];
	const word = words.find((each) => each === text);
	if (word !== undefined) return word;
	const nearest = nearestName(text, words);
	const list = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
	throw new UsageError(`--${name} must be ${list}, not "${text}"${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`);
}
