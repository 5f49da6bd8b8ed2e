import { WorkerResource } from 'coproc';
import { describe, expect, it } from 'vitest';

import { COMBINATIONS } from '../contract/support/combinations.ts';
import { leavingNothing } from '../support/leftovers.ts';

/** A module as a URL. */
function moduleOf(source: string): URL {
	return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

const echo = async (messenger: { receive(): Promise<unknown>; sendReply(data: unknown): boolean }): Promise<void> => {
	for (;;) messenger.sendReply(await messenger.receive());
};

describe('A wrong option', () => {
	const make = (options: object) => () => new WorkerResource(echo, options);

	it('is named with the nearest one that exists', () => {
		expect(make({ transprot: 'pipe' })).toThrow(
			expect.objectContaining({
				code: 'ERR_COPROC_INVALID_OPTION',
				message: 'WorkerResource was not made: option `transprot` is unknown. Did you mean `transport`?',
			}),
		);
	});

	it('is told what it must be', () => {
		expect(make({ backend: 'fiber' })).toThrow("option `backend` must be one of 'process', 'thread', not 'fiber'");
		expect(make({ ringBytes: 1000 })).toThrow('option `ringBytes` must be a power of two from 4096 to 67108864 bytes, not 1000');
		expect(make({ startTimeout: -1 })).toThrow('option `startTimeout` must be 0 ms or more, not -1');
	});

	it('is a TypeError and an error of coproc', () => {
		expect(make({ name: '' })).toThrow(TypeError);
		expect(make({ resourceLimits: { maxOldGenerationSizeMb: 64 } })).toThrow("is for `backend: 'thread'` only");
	});

	it('may be the target itself', () => {
		expect(() => new WorkerResource(undefined as never)).toThrow(
			'its target must be a URL, a path, a function or a class, not undefined',
		);
	});
});

describe.each(COMBINATIONS)('A target that cannot be run, over $name', ({ backend, transport }) => {
	const options = { backend, transport } as const;

	it.each([
		[
			'a module that is missing',
			new URL('./no-such-module.js', import.meta.url),
			{},
			/module file:.*no-such-module\.js does not exist/,
		],
		['a module that throws on load', moduleOf('throw new RangeError("boom")'), {}, /threw while it was loaded: RangeError: boom/],
		['a module that throws null on load', moduleOf('throw null'), {}, /threw while it was loaded: null/],
		['an export that is missing', moduleOf('export const a = 1, b = 2'), {}, /has no export `default`: it exports `a`, `b`/],
		[
			'an export that is no function',
			moduleOf('export const a = 1'),
			{ export: 'a' },
			/export `a` of data:.* is of type number, not a function/,
		],
	])('%s is named when the start rejects, and nothing is left', async (_name, target, more, text) => {
		await leavingNothing(async () => {
			const resource = new WorkerResource(target, { ...options, ...more });
			await expect(resource.start()).rejects.toThrow(
				expect.objectContaining({ code: 'ERR_COPROC_WORKER_START', message: expect.stringMatching(text) }),
			);
			expect(resource.isAlive).toBe(false);
		});
	});

	it('an inline class that extends a name of its module says what to do', async () => {
		await leavingNothing(async () => {
			class Base {
				readonly kind = 'base';
			}
			class Local extends Base {
				run(): void {}
			}
			await expect(WorkerResource.start(Local, options)).rejects.toThrow(
				/inline target "Local" could not be evaluated .* is not defined in the worker.* pass its URL/,
			);
		});
	});

	it('an argument that cannot be sent rejects the start, which can be tried again', async () => {
		await leavingNothing(async () => {
			const resource = new WorkerResource(
				async (messenger: { sendNorequest(data: unknown): boolean }, data: unknown) => void messenger.sendNorequest(data),
				options,
			);
			await expect(resource.start(() => {})).rejects.toThrow(expect.objectContaining({ code: 'ERR_COPROC_DATA_CLONE' }));
			await resource.start('fine');
			expect(await (resource.messenger as { receive(): Promise<unknown> }).receive()).toBe('fine');
			await resource[Symbol.asyncDispose]();
		});
	});
});

describe.each(COMBINATIONS)('A message that cannot be sent, over $name', ({ backend, transport }) => {
	it('names what is wrong and where, changes no counter, and loses nothing', async () => {
		await leavingNothing(async () => {
			await using worker = await WorkerResource.start(echo, { backend, transport });
			const { messenger } = worker;
			messenger.sendRequest('before');
			expect(() => messenger.sendRequest({ rows: [0, { callback: () => {} }] })).toThrow(
				expect.objectContaining({
					code: 'ERR_COPROC_DATA_CLONE',
					message: expect.stringContaining('`data.rows[1].callback` cannot be sent'),
				}),
			);
			expect(() => messenger.sendRequest(1, null, { priority: Number.NaN })).toThrow(TypeError);
			expect(() => messenger.sendRequest(1, {} as never)).toThrow(
				'channelId was refused: an object cannot be compared by value across a boundary',
			);
			await expect(messenger.receive(null, { timeout: -1 })).rejects.toThrow(
				'`timeout` must be a number of milliseconds, 0 or more',
			);
			messenger.sendRequest('after');
			expect([messenger.requestsSent(), messenger.messagesSent(), messenger.remaining()]).toEqual([2, 2, 2]);
			const replies: unknown[] = [];
			for await (const reply of messenger.receiveRemaining()) replies.push(reply);
			expect(replies).toEqual(['before', 'after']);
		});
	});
});
