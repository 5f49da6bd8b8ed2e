import { inspect } from 'node:util';

import { TimeoutError, WorkerExitedError } from '../errors/index.ts';
import type { Origin } from './inputs.ts';
import { itemText, printable } from './words.ts';

/** An item that failed. */
export interface Failure {
	/** Its place in the input. */
	readonly index: number;
	readonly origin: Origin;
	readonly error: unknown;
}

const FRAME = /^\s+at /;
/** Causes of causes that are shown. */
const MAX_DEPTH = 3;
/** Frames of a stack that are none of the user's: what called the function in the worker. */
const OUR_FRAME = /\/cli\/map-worker\.js\b|\/dist\/chunk-|\/dist\/worker\//;

/** One line that says which item failed and why; with everything that is known of the error below it unless it has to be brief. */
export function failureText({ index, origin, error }: Failure, isBrief: boolean): string {
	const which = `item ${index + 1} (${printable(origin.where)}: ${itemText(origin.text)})`;
	const head = `${which} failed: ${isBrief ? oneLine(shortText(error)) : ''}`;
	return isBrief ? head : head + printable(fullText(error));
}

function shortText(error: unknown, depth = 0): string {
	if (isTimeLimit(error)) return `it took longer than ${error.timeout} ms (--timeout)`;
	if (error instanceof WorkerExitedError) return `${error.name}: ${error.message}${causeText(error)}`;
	if (!(error instanceof Error)) return `it threw ${inspect(error, { breakLength: Infinity })}`;
	return `${error.name}: ${error.message}${depth < MAX_DEPTH ? briefCause(error, depth) : ''}`;
}

function briefCause({ cause }: Error, depth: number): string {
	if (cause === undefined) return '';
	return ` (caused by ${cause instanceof Error ? shortText(cause, depth + 1) : inspect(cause, { breakLength: Infinity })})`;
}

/** What lies behind the end of a worker, to be put after what is known of that. */
export function causeText(error: unknown): string {
	const cause = error instanceof Error ? error.cause : undefined;
	return cause instanceof Error ? printable(` It was ended by ${cause.name}: ${cause.message}`) : '';
}

/** With stack and causes. */
function fullText(error: unknown, depth = 0): string {
	if (!(error instanceof Error) || isTimeLimit(error)) return shortText(error);
	const frames = (error.stack ?? '').split('\n').filter((line) => FRAME.test(line) && !OUR_FRAME.test(line));
	// The end of a worker has no place in anybody's code.
	const lines = [`${error.name}: ${error.message}`, ...(error instanceof WorkerExitedError ? [] : frames)];
	const causes = [...(error.cause === undefined ? [] : [error.cause]), ...(error instanceof AggregateError ? error.errors : [])];
	if (depth < MAX_DEPTH) for (const cause of causes) lines.push(`caused by ${fullText(cause, depth + 1)}`);
	return lines.join('\n');
}

/** The limit of the command, as opposed to one that the function met with in something that it called. */
function isTimeLimit(error: unknown): error is TimeoutError {
	return error instanceof TimeoutError && error.message.startsWith('call of run() ');
}

function oneLine(text: string): string {
	return printable(text.replace(/\s*\n\s*/g, ' '));
}
