import { DataCloneError } from '../errors/index.ts';

/** Says what a value is to the caller (`result`, `arguments`) in the error of one that cannot be sent; other errors stay. */
export function relabel(error: unknown, root: string): unknown {
	if (!(error instanceof DataCloneError) || !/^data\b/.test(error.path)) return error;
	const path = error.path.replace(/^data/, root);
	const message = error.message.replace(`\`${error.path}\``, `\`${path}\``);
	const stack = error.stack?.replace(error.message, message);
	for (const [key, value] of Object.entries({ path, message, stack })) Reflect.set(error, key, value);
	return error;
}
