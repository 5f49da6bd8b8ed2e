#!/usr/bin/env node
/*
 * The `coproc` command: owns what a program has only once, which is arguments, signals, standard streams and the exit code.
 *
 * Loads what a command needs when it needs it: `--help` waits for nothing.
 */
import { setMaxListeners } from 'node:events';
import { fstatSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';

import type { Surroundings } from './surroundings.ts';
import { Interrupted, OutputClosed, RunError, UsageError } from './usage.ts';

const COMMANDS = ['map', 'doctor', 'help'];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
	const [command, ...rest] = argv;
	if (command === 'map') return map(rest, surroundings);
	if (command === 'doctor') return doctor(rest, surroundings);
	const { HELP, MAP_HELP, DOCTOR_HELP } = await import('./help.ts');
	if (command === '--version' || command === '-V') return print(surroundings, `${version()}\n`);
	if (command === '--help' || command === '-h') return print(surroundings, HELP);
	if (command === 'help') return print(surroundings, rest[0] === 'map' ? MAP_HELP : rest[0] === 'doctor' ? DOCTOR_HELP : HELP);
	if (command === undefined) throw new UsageError('which command? There are map and doctor');
	const { nearestName } = await import('../internal/nearest-name.ts');
	const known = command.startsWith('-') ? ['--help', '--version'] : COMMANDS;
	const nearest = nearestName(command, known);
	const kind = command.startsWith('-') ? 'option' : 'command';
	throw new UsageError(`unknown ${kind} ${command}${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`);
}

async function map(argv: readonly string[], surroundings: Surroundings): Promise<number> {
	const { readMapOptions } = await import('./map-options.ts');
	const plan = readMapOptions(argv, hasStdin());
	if (plan === 'help') return print(surroundings, (await import('./help.ts')).MAP_HELP);
	const { runMap } = await import('./map.ts');
	return runMap(plan, surroundings);
}

async function doctor(argv: readonly string[], surroundings: Surroundings): Promise<number> {
	const { parseCommandLine } = await import('./command-line.ts');
	const given = parseCommandLine(argv, { json: { takes: 'nothing' }, help: { takes: 'nothing', short: 'h' } });
	if (given.has('help')) return print(surroundings, (await import('./help.ts')).DOCTOR_HELP);
	if (given.inputs.length > 0) throw new UsageError(`coproc doctor takes no ${given.inputs[0]}`);
	const { runDoctor } = await import('./doctor.ts');
	return runDoctor(given.has('json'), surroundings, version());
}

function print({ stdout }: Surroundings, text: string): number {
	stdout.write(text);
	return 0;
}

/** False where a person would have to type it, and where it is closed. */
function hasStdin(): boolean {
	try {
		const about = fstatSync(0);
		return !about.isCharacterDevice();
	} catch {
		return false;
	}
}

function version(): string {
	return (createRequire(import.meta.url)('coproc/package.json') as { readonly version: string }).version;
}

/** Says why it has ended, and returns the exit code. */
async function explain(error: unknown, command: string): Promise<number> {
	if (error instanceof OutputClosed) return 0;
	if (error instanceof Interrupted) return say(error.message, error.exitCode);
	if (error instanceof UsageError) return say(`${error.message}\nRun \`coproc ${command}--help\` to see what can be given.`, 2);
	if (error instanceof RunError) return say(error.message, 1);
	const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
	// The library's errors are written for whoever called it, so for the user; anything else is a fault and needs its stack.
	const { inspect } = await import('node:util');
	const { causeText } = await import('./failure.ts');
	return say(code?.startsWith('ERR_COPROC_') ? `${message}${causeText(error)}` : inspect(error), 1);
}

function say(text: string, exitCode: number): number {
	process.stderr.write(`coproc: ${text}\n`);
	return exitCode;
}

/** Aborts at the first signal; the second ends the program at once, and the workers end with it. */
function abortOnSignals(controller: AbortController): void {
	for (const signal of SIGNALS) {
		process.on(signal, () => {
			const exitCode = 128 + constants.signals[signal];
			if (controller.signal.aborted) process.exit(exitCode);
			controller.abort(new Interrupted(signal, exitCode));
		});
	}
}

let isStdinOpen = false;
const controller = new AbortController();
setMaxListeners(0, controller.signal);
// What fails is told to whoever writes; an error of stderr itself is nothing that could be told.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
abortOnSignals(controller);

const argv = process.argv.slice(2);
const command = COMMANDS.includes(argv[0] ?? '') && argv[0] !== 'help' ? `${argv[0]} ` : '';
const { signal } = controller;
const exitCode = await main(argv, {
	stdin: () => {
		isStdinOpen = true;
		return process.stdin;
	},
	stdout: process.stdout,
	stderr: process.stderr,
	env: process.env,
	cwd: process.cwd(),
	signal,
}).catch((error: unknown) => explain(error, command));
process.exitCode = exitCode;
// An input that has more would keep the program waiting.
if (isStdinOpen) process.stdin.destroy();
// So would an output that nobody reads: after a signal nobody wants to wait for that. Workers are gone by now.
if (signal.aborted) process.exit(exitCode);
