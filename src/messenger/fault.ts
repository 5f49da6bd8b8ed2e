import { inspect } from 'node:util';

/** Depth of causes that are kept of an error that cannot be sent as it is. */
const MAX_CAUSES = 8;

/**
 * Returns `error` itself when it can be sent, else an error that says the same with what can be: name, message, stack, own
 * properties and causes; a property that cannot be sent becomes the text that describes it. An error must always get across.
 */
export function portableError(error: unknown, canSend: (value: unknown) => boolean, depth = 0): unknown {
	if (canSend(error)) return error;
	if (!(error instanceof Error)) return new Error(`a value that cannot be sent was thrown: ${describe(error)}`);
	const portable = new Error(error.message);
	Object.defineProperty(portable, 'name', { value: error.name, configurable: true, writable: true });
	Object.defineProperty(portable, 'stack', { value: error.stack, configurable: true, writable: true });
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
			value: portableError(error.cause, canSend, depth + 1),
			configurable: true,
			writable: true,
		});
	}
	return portable;
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
