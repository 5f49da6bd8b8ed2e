import { TypeNotRegisteredError } from '../../errors/index.ts';

const NAME = /^[a-z]+$/;
const TYPE_NAME = /^coproc\.([a-z]+)(?:\/|$)/;

/** Loads the module that registers both halves of an extension; rejects when this version of coproc has none of that name. */
export async function loadExtension(name: string): Promise<void> {
	// The name may have come in a message: it picks one of our own modules and can be no path.
	if (!NAME.test(name)) throw new Error(`an extension cannot have the name "${name}"`);
	await import(import.meta.resolve(`#extension/${name}`));
}

/** Name of the extension that registers the type which `error` misses; undefined for other errors, and types of users. */
export function extensionOfType(error: unknown): string | undefined {
	return error instanceof TypeNotRegisteredError ? TYPE_NAME.exec(error.typeName)?.[1] : undefined;
}
