import { Any, etc, Exit, type Kind, Process, spawn, UnhandledMessage, UnserializableExit, whereis } from 'coproc/process';
import { describe, expect, it } from 'vitest';

import { adopt, endOf, endsEverything, KINDS, probe, start, startAgent, UNITS } from './support/kinds.ts';

endsEverything();

it.each(['thread', 'process'] as const)(
	'a %s is not spawned with arguments that cannot be sent, and the error names them',
	(kind) => {
		const spawnIt = (): Process => start(kind, 'quiet', [1, { f() {} }]);
		expect(spawnIt).toThrow('`args[1].f` cannot be sent: it is a function');
	},
);

describe.each(KINDS)('a %s process', (kind: Kind) => {
	it('gives a message to the first registered handler that matches', async () => {
		const to = probe();
		const process = start(kind, 'firstMatch', [to]);
		process.send('a', 1);
		process.send('a');
		expect([await to.next(etc), await to.next(etc)]).toEqual([
			['first', 'a', 1],
			['rest', 'a'],
		]);
	});

	it('takes a predicate that throws for no match', async () => {
		const to = probe();
		start(kind, 'throwingPredicate', [to]).send(5);
		expect(await to.next(etc)).toEqual(['right', 5]);
	});

	it('awaits an async handler before the next message', async () => {
		const to = probe();
		const process = start(kind, 'slowly', [to]);
		for (const number of [1, 2, 3]) process.send(number);
		for (const number of [1, 2, 3])
			expect([await to.next(etc), await to.next(etc)]).toEqual([
				['begin', number],
				['end', number],
			]);
	});

	it('ends with UnhandledMessage when no handler matches', async () => {
		const process = start(kind, 'numbersOnly', [probe()]);
		process.send('nope', 1);
		const error = await endOf(process);
		expect(error).toBeInstanceOf(UnhandledMessage);
		expect((error as UnhandledMessage).received).toEqual(['nope', 1]);
	});

	it("goes on with unhandled: 'dead-letter'", async () => {
		const to = probe();
		const process = start(kind, 'numbersOnly', [to], { unhandled: 'dead-letter' });
		process.send('nope');
		process.send(5);
		expect(await to.next(etc)).toEqual(['number', 5]);
	});

	it('takes handlers at any time', async () => {
		const to = probe();
		const process = start(kind, 'addsHandlers', [to]);
		process.send('more');
		process.send(5);
		expect(await to.next(etc)).toEqual(['number', 5]);
	});

	it('handles what was sent before terminate(), nothing that was sent after, and cannot veto', async () => {
		const to = probe();
		const process = start(kind, 'saysGoodbye', [to]);
		for (const number of [0, 1, 2, 3]) process.send(number);
		process.terminate('enough');
		process.send(99);
		expect(await endOf(process)).toEqual(new Error('enough'));
		for (const number of [0, 1, 2, 3]) expect(await to.next(etc)).toEqual(['number', number]);
		expect(await to.next(etc)).toEqual(['goodbye', new Error('enough')]);
		await expect(to.next(etc, { timeout: 0 })).rejects.toMatchObject({ code: 'ERR_COPROC_TIMEOUT' });
	});

	it('is refused by send() once its end is known', async () => {
		const process = start(kind, 'quiet');
		expect(process.send.length).toBe(0);
		expect(process.isAlive).toBe(true);
		expect(process.error).toBe(undefined);
		process.terminate();
		expect(await process.wait()).toBe(true);
		expect([process.send(1), process.terminate(), process.isAlive, process.error]).toEqual([false, false, false, undefined]);
	});

	it('receives selectively, with a timeout and a signal', async () => {
		const to = probe();
		const process = start(kind, 'selective', [to]);
		expect(await to.next(etc)).toEqual(['now', 'ERR_COPROC_TIMEOUT']);
		expect(await to.next(etc)).toEqual(['soon', 'ERR_COPROC_TIMEOUT']);
		expect(await to.next(etc)).toEqual(['aborted', true]);
		process.send('a');
		process.send('b', 1);
		process.send('c', 2);
		expect(await to.next(etc)).toEqual(['picked', ['b', 1], ['a'], ['c', 2]]);
		process.terminate('over');
		expect(await to.next(etc)).toEqual(['interrupted', 'over']);
		expect(await endOf(process)).toEqual(new Error('over'));
	});

	it('waits no longer than it is told', async () => {
		const process = start(kind, 'quiet');
		expect(await process.wait({ timeout: 0 })).toBe(false);
		expect(await process.wait({ timeout: 5 })).toBe(false);
		await expect(process.wait({ signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
		process.terminate();
		expect(await process.wait({ timeout: 15_000 })).toBe(true);
	});

	it('has a name, a kind and a pid', async () => {
		const to = probe();
		const process = adopt(spawn(UNITS, { name: `the ${kind}`, kind, export: 'agent', args: [to] }));
		await to.next(['ready', Process]);
		expect([process.name, process.kind, String(process)]).toEqual([`the ${kind}`, kind, `the ${kind}`]);
		expect(process.pid === globalThis.process.pid).toBe(kind !== 'process');
		expect(process.pid).toBeTypeOf('number');
		expect(await whereis(`the ${kind}`)).toBe(process);
		process.send('find', `the ${kind}`);
		const [, found] = await to.next(['found', Process]);
		expect(found).toBe(process);
		process.terminate();
		await process.wait();
		expect(await whereis(`the ${kind}`)).toBe(undefined);
	});

	it.each([
		['throw', new RangeError('boom'), new RangeError('boom')],
		['throw', 'a text', new Error('a text')],
		['throw', { code: 5 }, { code: 5 }],
		['throw', undefined, new Error('undefined was thrown')],
	])('ends with what its handler throws: %s %s', async (order, thrown, expected) => {
		const process = start(kind, 'failing', [probe()]);
		process.send(order, thrown);
		expect(await endOf(process)).toEqual(expected);
	});

	it('ends with what its async handler rejects with, and with what its target throws', async () => {
		const process = start(kind, 'failing', [probe()]);
		process.send('reject');
		expect(await endOf(process)).toEqual(new TypeError('later'));
		expect(await endOf(start(kind, 'throwsAtOnce'))).toEqual(new RangeError('at once'));
	});

	it('ends normally when its handler throws an Exit without an error', async () => {
		const process = start(kind, 'failing', [probe()]);
		process.send('return');
		expect(await endOf(process)).toBe(undefined);
	});

	it('ends, saying why, when its target cannot be found or loaded', async () => {
		const missing = adopt(spawn(new URL('missing.js', UNITS), { kind }));
		expect(await endOf(missing)).toMatchObject({
			code: 'ERR_COPROC_WORKER_START',
			message: expect.stringContaining('missing.js'),
		});
		expect(await endOf(start(kind, 'nothing of the kind'))).toMatchObject({
			code: 'ERR_COPROC_WORKER_START',
			message: expect.stringContaining('nothing of the kind'),
		});
	});

	it('spawns others, in threads and processes too, which outlive it', async () => {
		const to = probe();
		const parent = await startAgent(kind, to);
		for (const other of KINDS) {
			// A local child lives in the thread of its parent.
			parent.send('spawn', 'agent', { kind: other, args: [to] });
			const [, child] = await to.next(['ready', Process]);
			expect(child.kind).toBe(other);
			adopt(child);
			expect(await to.next(['spawned', child])).toEqual(['spawned', child]);
			parent.send('terminate', child, undefined);
			expect(await endOf(child)).toBe(undefined);
		}
		parent.send('spawn', 'agent', { kind: 'thread', args: [to] });
		const [, orphan] = await to.next(['ready', Process]);
		adopt(orphan);
		parent.terminate();
		await parent.wait();
		orphan.send('echo', 'still there');
		expect(await to.next(['echo', Any])).toEqual(['echo', 'still there']);
	});

	it('sends at least a hundred thousand messages in order', async () => {
		const to = probe();
		const agent = await startAgent(kind, to);
		const count = 100_000;
		for (let number = 0; number < count; number += 1) agent.send('echo', number);
		for (let number = 0; number < count; number += 1) {
			const [, got] = await to.next(['echo', Any]);
			if (got !== number) expect(got).toBe(number);
		}
	});
});

describe.each(['thread', 'process'] as const)('a %s process', (kind) => {
	it.each([
		['throw something that cannot be sent', 'it holds a function'],
		['throw a function', 'Function'],
	])('tells an end whose reason cannot cross: %s', async (order, text) => {
		const process = start(kind, 'failing', [probe()]);
		process.send(order);
		const error = await endOf(process);
		expect(error).toBeInstanceOf(UnserializableExit);
		expect((error as UnserializableExit).text).toContain(text);
	});

	it('tells an end whose reason breaks when it is looked at', async () => {
		const process = start(kind, 'failing', [probe()]);
		process.send('throw what breaks when it is looked at');
		expect(await endOf(process)).toBeInstanceOf(Error);
	});

	it('takes a reason that cannot cross', async () => {
		const process = start(kind, 'quiet');
		process.terminate(() => 1);
		expect(await endOf(process)).toBeInstanceOf(UnserializableExit);
	});

	it('that exits by itself, or fails outside of its handlers, is an exit like any other', async () => {
		const to = probe();
		const exiting = start(kind, 'failing', [to]);
		await to.next(['ready', Process]);
		exiting.send('exit');
		expect(await endOf(exiting)).toMatchObject({ code: 'ERR_COPROC_WORKER_EXITED', exitCode: 7 });
		const failing = start(kind, 'failing', [to]);
		failing.send('throw outside');
		expect(await endOf(failing)).toMatchObject({ message: 'outside of any handler' });
	});

	it('refuses to send what cannot be cloned, and goes on', async () => {
		const to = probe();
		const agent = await startAgent(kind, to);
		expect(() => agent.send('echo', () => 1)).toThrow(expect.objectContaining({ code: 'ERR_COPROC_DATA_CLONE' }));
		expect(() => spawn(UNITS, { kind, args: [() => 1] })).toThrow(expect.objectContaining({ code: 'ERR_COPROC_DATA_CLONE' }));
		agent.send('echo', 1);
		expect(await to.next(['echo', Any])).toEqual(['echo', 1]);
	});

	it('is not the main process, and does not act for others', async () => {
		const to = probe();
		const process = start(kind, 'overreaches', [to]);
		expect(await to.next(['codes', Any])).toEqual([
			'codes',
			{
				main: 'ERR_COPROC_NOT_MAIN_PROCESS',
				receive: 'ERR_COPROC_NOT_OWN_PROCESS',
				spawn: 'ERR_COPROC_NOT_OWN_PROCESS',
				next: 'ERR_COPROC_NOT_OWN_PROCESS',
			},
		]);
		const [, free] = await to.next(['spawned', Process]);
		expect(await whereis('spawned in a worker')).toBe(free);
		process.send('end');
		await process.wait();
		// The worker goes on for what it spawned.
		expect(free.isAlive).toBe(true);
		free.terminate();
		expect(await free.wait()).toBe(true);
	});

	it('carries large messages', async () => {
		const to = probe();
		const agent = await startAgent(kind, to);
		const bytes = new Uint8Array(20_000_000).map((_, index) => index % 251);
		agent.send('echo', bytes, 'x'.repeat(3_000_000));
		const [, back, text] = await to.next(['echo', Uint8Array, String]);
		expect(Buffer.compare(back, bytes)).toBe(0);
		expect(text.length).toBe(3_000_000);
	});
});

describe('Exit', () => {
	it('makes an Error of a text and unwraps an Exit', () => {
		expect(new Exit('text').error).toEqual(new Error('text'));
		expect(new Exit(new Exit('inner')).error).toEqual(new Error('inner'));
	});
});
