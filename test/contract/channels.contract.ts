import { runInThisContext } from 'node:vm';

import { type ChannelId, InvalidArgumentError } from 'coproc';
import { describe, expect, it } from 'vitest';

import { newChannel, type Subject } from './support/subject.ts';

/** Ids that are all different, as source: symbols travel as no data, and each evaluation makes arrays of its own. */
const IDS = `[
	'', 'a', 'A', 'null', 'undefined', '1', 'true', '[]', '["a"]', '1n', 'NaN', '\\ud800', '\\u0000', 'é', 'e\\u0301',
	0, 1, -1, 1.5, 2 ** 53, NaN, Infinity, -Infinity, 5e-324,
	0n, 1n, -1n, 2n ** 64n, true, false,
	Symbol.for(''), Symbol.for('a'), Symbol.for('1'),
	[], [[]], [null], ['a'], ['a', 'b'], ['ab'], ['a,b'], ['"a"'], [1], ['1'], [1n], [true], [[1]], [1, [1]], [Symbol.for('a')],
	['a', 1, [2n, [Symbol.for('x'), null, false]]], ['a', 1, [2n, [Symbol.for('x'), null, true]]],
]`;

const ids = (): ChannelId[] => runInThisContext(IDS) as ChannelId[];

/** What channel ids promise on every link. */
export function channelsContract(subject: Subject): void {
	describe('channels', () => {
		it('are told apart by value, and by nothing else, from here to there', async () => {
			const { messenger, run } = subject.peer;
			const tag = newChannel();
			ids().forEach((id, index) => messenger.sendNorequest(index, [tag, id]));
			ids().forEach((id, index) => messenger.sendNorequest(index, [tag, id]));
			const received = await run(
				async (other, source, on) => {
					const all = [];
					for (const id of process.getBuiltinModule('node:vm').runInThisContext(source) as ChannelId[])
						all.push([await other.receive([on, id]), await other.receive([on, id])]);
					return all;
				},
				IDS,
				tag,
			);
			expect(received).toEqual(ids().map((_, index) => [index, index]));
		});

		it('are told apart as they are, outside of arrays', async () => {
			const { messenger, run } = subject.peer;
			await run((other, source) => {
				const all = process.getBuiltinModule('node:vm').runInThisContext(source) as ChannelId[];
				all.forEach((id, index) => other.sendNorequest(index, id));
			}, IDS);
			for (const [index, id] of ids().entries()) {
				const message = await messenger.receiveMessage(id);
				expect([message.data, message.channelId]).toEqual([index, id]);
				expect(messenger.queueSize(id)).toBe(0);
			}
		});

		it('take undefined and no id at all for null, and -0 for 0', async () => {
			const { messenger, run } = subject.peer;
			messenger.sendNorequest('a');
			messenger.sendNorequest('b', undefined);
			messenger.sendNorequest('c', null);
			messenger.sendNorequest('d', -0);
			messenger.sendNorequest('e', [undefined as never, -0]);
			expect(
				await run(async (other) => [
					await other.receive(null),
					await other.receive(),
					await other.receive(undefined),
					await other.receive(0),
					await other.receive([null, 0]),
				]),
			).toEqual(['a', 'b', 'c', 'd', 'e']);
		});

		it('stay what they were when the array changes after the send', async () => {
			const { messenger, run } = subject.peer;
			const name = newChannel();
			const id = [name, [1]] as [string, number[]];
			messenger.sendNorequest('before', id);
			id[1].push(2);
			messenger.sendNorequest('after', id);
			const received = await run(async (other, on) => [await other.receive([on, [1]]), await other.receive([on, [1, 2]])], name);
			expect(received).toEqual(['before', 'after']);
			const counts = [messenger.messagesSent([name, [1]]), messenger.messagesSent([name, [1, 2]])];
			expect(counts).toEqual([1, 1]);
		});

		it('keep their order among five thousand, more than have a number on the wire', async () => {
			const { messenger, run } = subject.peer;
			const name = newChannel();
			const count = 5000;
			for (let round = 0; round < 2; round += 1) {
				for (let index = 0; index < count; index += 1) messenger.sendRequest(index * 10 + round, [name, index]);
			}
			await run(
				async (other, on, total) => {
					for (let index = 0; index < total; index += 1) {
						for (let round = 0; round < 2; round += 1) {
							const message = await other.receiveMessage([on, index]);
							if (message.data !== index * 10 + round)
								throw new Error(`channel ${index} gave ${String(message.data)} in round ${round}`);
							message.reply(message.data);
						}
					}
				},
				name,
				count,
			);
			for (let index = 0; index < count; index += 1) {
				expect(messenger.receiveAvailable([name, index])).toEqual([index * 10, index * 10 + 1]);
				expect(messenger.remaining([name, index])).toBe(0);
			}
		});

		it.each([
			['an object', {}, 'an object cannot be compared by value across a boundary'],
			['a function', () => {}, 'a function cannot be compared'],
			['a date', new Date(0), 'an object cannot be compared'],
			['an array with an object', ['a', {}], 'an object cannot be compared'],
			['a local symbol', Symbol('mine'), 'the symbol Symbol(mine) exists in this thread only; use Symbol.for()'],
		])('refuse %s, name what may be one, and send nothing', async (_what, id, why) => {
			const { messenger } = subject.peer;
			const bad = id as never;
			expect(() => messenger.sendNorequest(1, bad)).toThrow(InvalidArgumentError);
			for (const send of [
				() => messenger.sendRequest(1, bad),
				() => messenger.sendReply(1, bad),
				() => messenger.sendRequestMultiple([1], bad),
				() => messenger.receiveAvailable(bad),
				() => messenger.remaining(bad),
			]) {
				expect(send).toThrow(why);
				expect(send).toThrow('Use null, a string, number, bigint, boolean, Symbol.for() symbol, or an array of those.');
			}
			await expect(messenger.receive(bad)).rejects.toThrow(why);
			await expect(messenger.request(1, bad)).rejects.toThrow(why);
		});

		it('refuse arrays without an end', () => {
			const { messenger } = subject.peer;
			const endless: unknown[] = [];
			endless.push(endless);
			expect(() => messenger.sendNorequest(1, endless as never)).toThrow(/nested more than \d+ deep/);
		});
	});
}
