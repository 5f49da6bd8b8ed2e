import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';

import {
	type BaseWorkerProcess,
	DataCloneError,
	type MultiMessenger,
	TimeoutError,
	WorkerIsAlreadyAliveError,
	WorkerIsAlreadyDeadError,
	WorkerIsDeadError,
	WorkerResource,
	WorkerStartError,
} from 'coproc';
import { describe, expect, it } from 'vitest';

import { COMBINATIONS } from './support/combinations.ts';
import { workersOfEachTest } from './support/workers.ts';

const fixture = (name: string): URL => new URL(`../fixtures/start/${name}`, import.meta.url);

describe.each(COMBINATIONS)('7.15 Life cycle: over $name', ({ backend, transport, kind }) => {
	const workers = workersOfEachTest();
	const options = { backend, transport } as const;

	it('before the start there is nothing to talk to', async () => {
		const worker = workers.make(() => {}, { ...options, name: 'unborn' });
		expect([worker.isAlive, worker.pid, worker.threadId, worker.stdout]).toEqual([false, undefined, undefined, null]);
		expect(() => worker.messenger).toThrow(WorkerIsDeadError);
		expect(() => worker.transport).toThrow(WorkerIsDeadError);
		for (const end of [worker.join(), worker.terminate(), worker.join({ checkAlive: false })]) {
			await expect(end).rejects.toThrow(WorkerIsDeadError);
		}
		await expect(worker.join()).rejects.toThrow('join() failed: worker "unborn" has not been started. Call `start()` first.');
	});

	it('arguments of start() reach the target after the messenger, whatever can be sent', async () => {
		const args = [1, 'two', { three: [3n] }, new Map([['four', new Date(4)]]), undefined] as const;
		const worker = await workers.start((messenger, ...rest: unknown[]) => void messenger.sendNorequest(rest), options, ...args);
		expect(await worker.messenger.receive()).toEqual(args);
	});

	it('while it is alive it cannot be started, and says where it lives and how it is reached', async () => {
		const worker = await workers.start((messenger) => messenger.receive(), { ...options, name: 'one' });
		await expect(worker.start()).rejects.toThrow(WorkerIsAlreadyAliveError);
		await expect(worker.start()).rejects.toThrow('start() failed: worker "one" is already alive.');
		expect(worker.isAlive).toBe(true);
		expect([typeof worker.pid, typeof worker.threadId]).toEqual(
			backend === 'process' ? ['number', 'undefined'] : ['undefined', 'number'],
		);
		expect(worker.transport).toEqual({ kind, reason: expect.any(String) });
	});

	it('a second start while the first is under way is refused, and the first goes on', async () => {
		const worker = workers.make((messenger) => messenger.receive(), options);
		const first = worker.start();
		await expect(worker.start()).rejects.toThrow(WorkerIsAlreadyAliveError);
		await expect(worker.join()).rejects.toThrow(WorkerIsDeadError);
		expect(await first).toBe(worker);
		expect(worker.isAlive).toBe(true);
	});

	it('join() asks it to close and tells how it ended; after that it is dead', async () => {
		const worker = await workers.start((messenger) => messenger.receive(), { ...options, name: 'late' });
		expect(await worker.join()).toEqual({ exitCode: 0, signal: null });
		expect(worker.isAlive).toBe(false);
		await expect(worker.join()).rejects.toThrow(WorkerIsAlreadyDeadError);
		await expect(worker.terminate()).rejects.toThrow(
			'terminate() failed: worker "late" has already exited. Pass `{ checkAlive: false }`',
		);
		expect(await worker.join({ checkAlive: false })).toEqual({ exitCode: 0, signal: null });
		expect(await worker.terminate({ checkAlive: false })).toEqual({ exitCode: 0, signal: null });
	});

	it('join() gives up by timeout or signal and leaves it running', async () => {
		const worker = await workers.start(
			async (messenger) => {
				for (;;) {
					try {
						messenger.sendNorequest(await messenger.receive());
					} catch {
						messenger.sendNorequest('not yet');
						if (messenger.messagesSent() > 3) return;
					}
				}
			},
			{ ...options, name: 'stubborn' },
		);
		await expect(worker.join({ timeout: 0 })).rejects.toThrow(TimeoutError);
		expect(await worker.messenger.receive()).toBe('not yet');
		await expect(worker.join({ timeout: 5 })).rejects.toThrow('join() of worker "stubborn" timed out: nothing came within 5 ms');
		expect(await worker.messenger.receive()).toBe('not yet');
		const abort = new AbortController();
		const joined = worker.join({ signal: abort.signal });
		abort.abort('no patience');
		await expect(joined).rejects.toBe('no patience');
		await expect(worker.join({ timeout: -1 })).rejects.toThrow('`timeout` must be a number of milliseconds');
		expect(worker.isAlive).toBe(true);
		expect(await worker.messenger.receive()).toBe('not yet');
		worker.messenger.sendNorequest('still there');
		expect(await worker.messenger.receive()).toBe('still there');
	});

	it('terminate() ends it at once, also several calls together', async () => {
		const worker = await workers.start((messenger) => messenger.receiveBlocking('nothing'), options);
		const exits = await Promise.all([worker.terminate(), worker.terminate(), worker.exited]);
		const expected = backend === 'process' ? { exitCode: null, signal: 'SIGTERM' } : { exitCode: 1, signal: null };
		for (const exit of exits) expect(exit).toMatchObject(expected);
	});

	it('a restart has a new worker, a new messenger, fresh counters and a new `exited`', async () => {
		const worker = await workers.start((messenger) => messenger.receive(), options);
		const { messenger, exited } = worker;
		messenger.sendRequest('x', 'channel');
		messenger.sendNorequest('end');
		await exited;
		const before = worker.pid ?? worker.threadId;
		await worker.start();
		expect(worker.pid ?? worker.threadId).not.toBe(before);
		expect(worker.messenger).not.toBe(messenger);
		expect(worker.exited).not.toBe(exited);
		expect([
			worker.messenger.messagesSent(),
			worker.messenger.requestsSent('channel'),
			worker.messenger.remaining('channel'),
		]).toEqual([0, 0, 0]);
		expect(messenger.messagesSent()).toBe(1);
		await expect(messenger.receive()).rejects.toMatchObject({ code: 'ERR_COPROC_WORKER_EXITED' });
		worker.messenger.sendNorequest('end again');
		expect(await worker.exited).toEqual({ exitCode: 0, signal: null });
	});

	it('`exited` can be awaited before the start', async () => {
		const worker = workers.make(() => process.exit(3), options);
		const { exited } = worker;
		await worker.start();
		expect(await exited).toMatchObject({ exitCode: 3 });
		await expect(worker[Symbol.asyncDispose]()).rejects.toMatchObject({ exitCode: 3 });
	});

	it('an abort of the option `signal` terminates the worker', async () => {
		const abort = new AbortController();
		// One that obeys the close request would end by itself, with code 0, if it is quicker than the signal.
		const stubborn = (messenger: Pick<MultiMessenger, 'receiveBlocking'>): void => {
			for (;;) {
				try {
					messenger.receiveBlocking('nothing');
				} catch {
					continue;
				}
			}
		};
		const worker = await workers.start(stubborn, { ...options, signal: abort.signal });
		abort.abort(new Error('enough'));
		expect(await worker.exited).toMatchObject(backend === 'process' ? { signal: 'SIGTERM' } : { exitCode: 1 });
		await expect(worker.start()).rejects.toThrow('enough');
	});

	it('an abort during the start rejects it with the reason', async () => {
		const abort = new AbortController();
		const worker = workers.make(fixture('never-loads.js'), { ...options, signal: abort.signal });
		const started = worker.start();
		abort.abort('not wanted any more');
		await expect(started).rejects.toBe('not wanted any more');
		expect([worker.isAlive, worker.pid]).toEqual([false, undefined]);
	});
});

describe.each(COMBINATIONS)('7.15 A start that fails: over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();
	const options = { backend, transport, name: 'doomed' } as const;

	it.each<[string, URL | string, string | undefined, RegExp]>([
		['a module that is missing', fixture('no-such-module.js'), undefined, /module file:.*no-such-module\.js does not exist/],
		['a path that is missing', './no/such/module.js', undefined, /module file:.*\/no\/such\/module\.js does not exist/],
		[
			'a package that is missing',
			'no-such-package-here',
			undefined,
			/module "no-such-package-here" was not found from .*Give a URL/,
		],
		[
			'a module that throws on load',
			fixture('throws-on-load.js'),
			undefined,
			/throws-on-load\.js threw while it was loaded: RangeError: broken on load/,
		],
		['a module that imports what is missing', fixture('imports-missing.js'), undefined, /imports-missing\.js.*is-not-there\.js/],
		[
			'an export that is missing',
			fixture('exports.js'),
			undefined,
			/has no export `default`: it exports `Idle`, `echo`, `number`\. Choose one by the option `export`/,
		],
		[
			'an export that is no function',
			fixture('exports.js'),
			'number',
			/export `number` of file:.*exports\.js is of type number, not a function or a class/,
		],
	])('names %s, and leaves nothing', async (_what, target, exportName, text) => {
		const worker = workers.make(target, { ...options, ...(exportName && { export: exportName }) });
		const error = await worker.start().catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(WorkerStartError);
		expect((error as Error).message).toMatch(/^worker "doomed" could not start: /);
		expect((error as Error).message).toMatch(text);
		expect([worker.isAlive, worker.pid, worker.threadId]).toEqual([false, undefined, undefined]);
	});

	it('keeps the error that the module threw as its cause', async () => {
		const error = await workers
			.make(fixture('throws-on-load.js'), options)
			.start()
			.catch((reason: unknown) => reason);
		expect((error as Error).cause).toBeInstanceOf(RangeError);
		expect((error as Error).cause).toMatchObject({ message: 'broken on load' });
	});

	it('is over after startTimeout, and the resource can be started again', async () => {
		const worker = workers.make(fixture('never-loads.js'), { ...options, startTimeout: 400 });
		const error = await worker.start().catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(TimeoutError);
		expect(error).toMatchObject({ message: 'start() of worker "doomed" timed out: nothing came within 400 ms' });
		expect(worker.isAlive).toBe(false);
		await expect(worker.start()).rejects.toThrow(TimeoutError);
	});

	it('is refused before anything runs when its arguments cannot be sent', async () => {
		const worker = workers.make((_messenger, ..._args: unknown[]) => {}, options);
		await expect(worker.start({ f() {} })).rejects.toThrow(DataCloneError);
		await expect(worker.start({ f() {} })).rejects.toThrow('`arguments[0].f` cannot be sent');
		expect(worker.isAlive).toBe(false);
		await worker.start('fine');
		await worker.exited;
	});

	it('of an inline target that does not parse, or needs a missing name, says so', async () => {
		const native = workers.make(Math.max as never, options);
		await expect(native.start()).rejects.toThrow('is native or bound, so it has no source to ship. Pass a function written out');
		class Missing {
			readonly field = 1;
		}
		const derived = workers.make(
			class extends Missing {
				run(): void {}
			},
			options,
		);
		await expect(derived.start()).rejects.toThrow(
			/inline target .* could not be evaluated in the worker: ReferenceError: Missing is not defined/,
		);
		await expect(derived.start()).rejects.toThrow(
			/Only the source of an inline target is shipped.*put it in a module of its own/,
		);
	});

	it('does not lose the exit of the life before', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'coproc-life-'));
		try {
			const target = join(folder, 'brief.mjs');
			writeFileSync(target, 'export default () => process.exit(6);');
			const worker = await workers.start(target, options);
			expect(await worker.exited).toMatchObject({ exitCode: 6 });
			rmSync(target);
			await expect(worker.start()).rejects.toThrow('does not exist');
			expect(await worker.join({ checkAlive: false })).toMatchObject({ exitCode: 6 });
			await expect(worker.join()).rejects.toThrow(WorkerIsAlreadyDeadError);
			await expect(worker.messenger.receive()).rejects.toMatchObject({ exitCode: 6 });
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});

describe.each(COMBINATIONS)('7.15 Targets: over $name', ({ backend, transport }) => {
	const workers = workersOfEachTest();
	const options = { backend, transport } as const;

	it('a module by URL, path or file URL text, with the export that the options name', async () => {
		const path = fixture('exports.js').pathname;
		for (const target of [fixture('exports.js'), fixture('exports.js').href, path]) {
			const worker = await workers.start(target, { ...options, export: 'echo' }, 'a', 1);
			expect(await worker.messenger.receive()).toEqual(['a', 1]);
			expect(worker.name).toBe('exports.js');
		}
	});

	it('a class is constructed with messenger and arguments, and its run() is called', async () => {
		const worker = await workers.start(
			class Doubler extends coproc.BaseWorkerProcess {
				readonly #factor: number;
				constructor(messenger: BaseWorkerProcess['messenger'], factor: number) {
					super(messenger);
					this.#factor = factor;
				}
				async run(): Promise<void> {
					for await (const data of this.messenger) this.messenger.sendNorequest(Number(data) * this.#factor);
				}
			},
			options,
			21,
		);
		expect(worker.name).toBe('Doubler');
		worker.messenger.sendNorequest(2);
		expect(await worker.messenger.receive()).toBe(42);
	});

	it('a class without run() says what is missing', async () => {
		const worker = await workers.start(fixture('exports.js'), { ...options, export: 'Idle' });
		await expect(worker.messenger.receive()).rejects.toThrow(
			/export `Idle` of .* is a class without a run\(\) method; extend BaseWorkerProcess/,
		);
	});

	it('a name that an inline target needs later is explained, with what to do', async () => {
		const closedOver = 5;
		const worker = await workers.start(function needsMore(messenger) {
			messenger.sendNorequest(closedOver);
		}, options);
		const error = await worker.messenger.receive().catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(ReferenceError);
		expect((error as Error).message).toMatch(
			/closedOver is not defined in the worker, where inline target "needsMore" runs\. Only the source/,
		);
	});

	it('inline targets find what coproc exports in scope, and the helpers that compilers inject', async () => {
		// Named in text, for vitest would rewrite them.
		const source = `async function (messenger) {
			const { sep } = await import('node:path');
			const helpers = [__name, __using, __callDispose, require, __vite_ssr_dynamic_import__].map((helper) => typeof helper);
			messenger.sendNorequest([sep, typeof BaseWorkerProcess, typeof TimeoutError, typeof coproc.registerType, ...helpers]);
		}`;
		const worker = await workers.start(runInThisContext(`(${source})`) as () => void, options);
		expect(await worker.messenger.receive()).toEqual(['/', ...Array.from({ length: 8 }, () => 'function')]);
	});

	it('an inline target may import() in a file of vitest, which rewrites that', async () => {
		const worker = await workers.start(async (messenger) => {
			const { sep } = await import('node:path');
			messenger.sendNorequest(sep);
		}, options);
		expect(await worker.messenger.receive()).toBe('/');
	});

	it('WorkerResource.start() gives a resource that has been started', async () => {
		const worker = await WorkerResource.start((messenger, text: string) => void messenger.sendNorequest(text), options, 'hello');
		expect(await worker.messenger.receive()).toBe('hello');
		await worker[Symbol.asyncDispose]();
	});
});
