import { fileURLToPath } from 'node:url';

import { type Outcome, runProgram } from '../support/run-program.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

/** Runs an example to its end. `nodeArgs` go before its path. */
export function runExample(path: string, args: readonly string[] = [], nodeArgs: readonly string[] = []): Promise<Outcome> {
	return runProgram(EXAMPLES + path, { args, nodeArgs });
}
