import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { WorkerResource } from 'coproc';
import { describe, expect, it, onTestFinished } from 'vitest';

const HOST = fileURLToPath(new URL('../fixtures/typed-host.ts', import.meta.url));
const WORKER = new URL('../fixtures/typed-worker.ts', import.meta.url);
const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript);

/** Runs a TypeScript program under tsx and returns what it printed. */
async function underTsx(...args: string[]): Promise<string> {
	const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', HOST, ...args]);
	return stdout;
}

describe.each(['process', 'thread'] as const)('a target in TypeScript, backend %s', (backend) => {
	it('runs where the host runs under tsx', async () => {
		expect(await underTsx(backend)).toBe("{ text: 'typed' }\n");
	});

	it.runIf(!stripsTypes)('is refused with a way out where nothing can load it', async () => {
		const start = WorkerResource.start(WORKER, { backend, execArgv: [] });
		await expect(start).rejects.toThrow(
			`module ${WORKER.href} is TypeScript, and Node ${process.versions.node} does not run that. Use Node 22.18 or later, ` +
				'start the host under tsx, or build the module and pass the .js',
		);
	});
});

describe.each(['process', 'thread'] as const)('a target that imports what is not there, backend %s', (backend) => {
	it('is told apart from a target that is not there', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'coproc-target-'));
		onTestFinished(() => rmSync(folder, { recursive: true }));
		const path = join(folder, 'target.mjs');
		const start = async (): Promise<unknown> => WorkerResource.start(pathToFileURL(path), { backend });
		await expect(start()).rejects.toThrow(/^worker "target\.mjs" could not start: module \S+target\.mjs does not exist$/);
		writeFileSync(path, "import './part.mjs';\n");
		await expect(start()).rejects.toThrow(/target\.mjs threw while it was loaded: Error: Cannot find module '\S+part\.mjs'/);
		writeFileSync(path, "import 'no-such-package';\n");
		await expect(start()).rejects.toThrow(/target\.mjs threw while it was loaded: Error: Cannot find package 'no-such-package'/);
	});
});

describe('WorkerResource', () => {
	it('goes by its own name in the built package', () => {
		expect(WorkerResource.name).toBe('WorkerResource');
	});

	it('refuses options that are no object', () => {
		const make = (options: unknown) => () => new WorkerResource(() => {}, options as object);
		expect(make([])).toThrow('WorkerResource was not made: option `options` must be an object, not an array');
		expect(make('thread')).toThrow("WorkerResource was not made: option `options` must be an object, not 'thread'");
	});
});
