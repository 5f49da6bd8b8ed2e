import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Actor, Bridge } from 'coproc/actor';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import type * as Decorated from '../fixtures/actor/decorated.ts';

const SOURCE = fileURLToPath(new URL('../fixtures/actor/decorated.ts', import.meta.url));
/** Within the package, so that the compiled modules find `coproc/actor`. */
const SCRATCH = fileURLToPath(new URL('../../.tmp/', import.meta.url));
const NEVER = 60_000;

/** The one that tsup and tsx bring. */
const esbuild = createRequire(import.meta.resolve('tsup'))('esbuild') as {
	build(options: object): Promise<unknown>;
};

/** What lowers standard decorators, each in its own way. */
const COMPILERS: Readonly<Record<string, (outfile: string) => unknown>> = {
	typescript: (outfile) => {
		const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
		writeFileSync(outfile, ts.transpileModule(readFileSync(SOURCE, 'utf8'), { compilerOptions }).outputText);
	},
	'typescript for ES2021, which assigns static fields': (outfile) => {
		const compilerOptions = { target: ts.ScriptTarget.ES2021, module: ts.ModuleKind.ESNext, useDefineForClassFields: false };
		writeFileSync(outfile, ts.transpileModule(readFileSync(SOURCE, 'utf8'), { compilerOptions }).outputText);
	},
	'esbuild, and so tsx': (outfile) => esbuild.build({ entryPoints: [SOURCE], outfile, format: 'esm', target: 'node20' }),
};

describe.each(Object.entries(COMPILERS))('@handles(), compiled by %s', (_name, compile) => {
	let folder: string;
	let decorated: typeof Decorated;

	beforeAll(async () => {
		mkdirSync(SCRATCH, { recursive: true });
		folder = mkdtempSync(join(SCRATCH, 'decorated-'));
		const outfile = join(folder, 'decorated.mjs');
		await compile(outfile);
		decorated = (await import(outfile)) as typeof Decorated;
	});

	afterAll(() => rmSync(folder, { recursive: true }));

	/** What an actor of a class says to messages. */
	async function answers(type: 'Base' | 'Derived' | 'Mixed' | 'Adding', ...messages: unknown[]): Promise<unknown[]> {
		const actor: Actor = decorated[type].spawn();
		onTestFinished(() => void actor.process.terminate());
		const bridge = new Bridge();
		return Promise.all(messages.map((message) => bridge.call(actor, message, NEVER, 'no answer')));
	}

	it('makes a method the handler of a class, and of those that extend it', async () => {
		const { Animal, GetCount, Puppy } = decorated;
		expect(await answers('Base', new Animal(), new Puppy(), new GetCount())).toEqual(['base: animal', 'base: animal', 2]);
	});

	it('makes a method the handler of several classes', async () => {
		expect(await answers('Base', 'text', 7)).toEqual(['string text', 'number 7']);
	});

	it('is inherited, and a method that overrides one is called in its place', async () => {
		const { Animal, Dog, GetCount } = decorated;
		expect(await answers('Derived', new Animal(), new Dog(), new GetCount(), 'text')).toEqual([
			'derived: animal',
			'derived: dog',
			0,
			'string text',
		]);
	});

	it('goes before private methods', async () => {
		expect(await answers('Derived', true)).toEqual(['derived: other true']);
	});

	it('is mixed in by makeHandles(), as other decorators have made the method', async () => {
		const { Animal, Dog, Puppy } = decorated;
		expect(await answers('Mixed', new Animal(), new Dog(), new Puppy(), 'text')).toEqual([
			'mixed: animal',
			'MIXED IN: DOG',
			'MIXED IN: PUPPY',
			'string text',
		]);
	});

	it('gives way to what is added later', async () => {
		const { Animal } = decorated;
		expect(await answers('Adding', new Animal(), 'text')).toEqual(['added', 'string text']);
		expect(await answers('Base', new Animal())).toEqual(['base: animal']);
	});

	it('lets the messages keep their class on the way to a worker', async () => {
		const { Base, Parcel } = decorated;
		const actor = Base.spawnOn({ kind: 'thread', module: join(folder, 'decorated.mjs') });
		expect(await new Bridge().call(actor, new Parcel(), NEVER)).toBe('a parcel');
		actor.process.terminate();
		await actor.process.wait();
	});
});
