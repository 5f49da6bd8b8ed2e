import { inspect } from 'node:util';

/** Depth of causes that are kept of an error that cannot be sent as it is. */
const MAX_CAUSES = 8;

/** Characters of a message that are kept of an error that is too large, from the most to the least that is tried. */
const CUT_LENGTHS = [1000, 100, 0];

/**
 * Returns `error` itself when it can be sent, else an error that says the same with what can be: name, message, stack, own
 * properties and causes; a property that cannot be sent becomes the text that describes it, and of what is too large the beginning is
 * left. Never throws: an error must always get across, whatever its getters do and however large it is.
 */
export function portableError(error: unknown, canSend: (value: unknown) => boolean): unknown {
	if (canSend(error)) return error;
	const whole = attempt(() => sendableParts(error, canSend, 0));
	if (whole !== undefined && canSend(whole)) return whole;
	for (const length of CUT_LENGTHS) {
		const beginning = cutError(error, length);
		if (canSend(beginning)) return beginning;
	}
	return undefined;
}

function sendableParts(error: unknown, canSend: (value: unknown) => boolean, depth: number): unknown {
	if (canSend(error)) return error;
	if (!(error instanceof Error)) return new Error(`a value that cannot be sent was thrown: ${describe(error)}`);
	const portable = errorOf(error.name, error.message, error.stack);
	for (const key of Object.keys(error)) {
		const value = readProperty(error, key);
		Object.defineProperty(portable, key, {
			value: canSend(value) ? value : describe(value),
			enumerable: true,
			configurable: true,
			writable: true,
		});
	}
	if (error.cause !== undefined && depth < MAX_CAUSES) {
		Object.defineProperty(portable, 'cause', {
			value: sendableParts(error.cause, canSend, depth + 1),
			configurable: true,
			writable: true,
		});
	}
	return portable;
}

/** The beginning of what `error` says: of one that is too large, or that cannot even be read. */
function cutError(error: unknown, length: number): Error {
	const [name, message, stack] = ['name', 'message', 'stack'].map((key) => attempt(() => Reflect.get(error as object, key)));
	const text = typeof message === 'string' ? message : describe(error);
	const cut = text.length > length ? `${text.slice(0, length)}... (cut, for it is too large to be sent)` : text;
	return errorOf(typeof name === 'string' ? name.slice(0, 100) : 'Error', cut, String(stack ?? '').slice(0, 4 * length));
}

function errorOf(name: string, message: string, stack: string | undefined): Error {
	const error = new Error(message);
	Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
	Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
	return error;
}

function attempt<T>(action: () => T): T | undefined {
	try {
		return action();
	} catch {
		return undefined;
	}
}

function readProperty(error: object, key: string): unknown {
	try {
		return (error as Record<string, unknown>)[key];
	} catch (failure) {
		return `could not be read: ${describe(failure)}`;
	}
}

function describe(value: unknown): string {
	try {
		return inspect(value, { depth: 1 });
	} catch {
		return `a ${typeof value} that cannot be described`;
	}
}
