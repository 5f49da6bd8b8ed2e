import { inspect } from 'node:util';

import { Exit, UnserializableExit } from '../errors/index.ts';
import { portableError } from '../messenger/index.ts';

/** Longest text that an {@link UnserializableExit} keeps of a reason, in characters. */
const MAX_TEXT = 10_000;

/** Why a process ends whose code threw `thrown`; undefined for a normal end. */
export function reasonOf(thrown: unknown): unknown {
	if (thrown === undefined || thrown === null) return new Error(`${String(thrown)} was thrown`);
	return new Exit(thrown).error;
}

/** The reason as it can be sent: itself, or an UnserializableExit that says what it was. */
export function portableReason(reason: unknown, canSend: (value: unknown) => boolean): unknown {
	if (canSend(reason)) return reason;
	return new UnserializableExit(textOf(reason), portableError(reason, canSend));
}

function textOf(reason: unknown): string {
	try {
		return inspect(reason).slice(0, MAX_TEXT);
	} catch {
		return `a value of type ${typeof reason} that cannot be described`;
	}
}
