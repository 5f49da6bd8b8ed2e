import * as exported from 'coproc';

declare global {
	/** What coproc exports, as inline targets and scripts find it in scope, in a worker as well as here. */
	var coproc: typeof exported;
}

/** Lets functions name what they will find in a worker, under a name that vitest does not rewrite. */
export function putCoprocInScope(): void {
	globalThis.coproc = exported;
}
