import { DataCloneError } from '../errors/index.ts';

/** Says what a value is to the caller (`result`, `arguments`) in the error of one that cannot be sent; other errors stay. */
export function relabel(error: unknown, root: string, former: string = 'data'): unknown {
	if (!(error instanceof DataCloneError) || !error.path.startsWith(former)) return error;
	const path = root + error.path.slice(former.length);
	const message = error.message.replace(`\`${error.path}\``, `\`${path}\``);
	const stack = error.stack?.replace(error.message, message);
	for (const [key, value] of Object.entries({ path, message, stack })) Reflect.set(error, key, value);
	return error;
}
