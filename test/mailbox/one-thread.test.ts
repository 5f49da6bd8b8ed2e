import {
	DataCloneError,
	MailboxClosedError,
	MailboxFullError,
	OptionError,
	registerType,
	TagCapacityError,
	TimeoutError,
} from 'coproc';
import { drain, Mailbox, ready, receive, receiveBlocking, send, setTags, TIMEOUT } from 'coproc/mailbox';
import { beforeEach, describe, expect, it } from 'vitest';

beforeEach(() => setTags([]));

describe('send and receive', () => {
	it('keep the order of a tag, and the order of arrival over several', async () => {
		for (const contents of ['b0', 'a0', 'b1', 'a1']) send(contents[0] as string, contents);
		const taken: unknown[] = [];
		for (let count = 0; count < 4; count += 1) taken.push((await receive(['a', 'b']))[1]);
		expect(taken).toEqual(['b0', 'a0', 'b1', 'a1']);
	});

	it('copy the contents with what structured clone keeps', async () => {
		const holes: unknown[] = [1];
		holes[2] = 3;
		const contents = {
			list: holes.slice(),
			map: new Map([[1n, new Set(['x'])]]),
			bytes: Uint8Array.of(1, 2),
			nothing: undefined,
		};
		send('a', contents);
		contents.list.push(4);
		const [tag, copy] = await receive('a');
		expect(tag).toBe('a');
		expect(copy).toStrictEqual({ ...contents, list: holes });
	});

	it.each([0, 64, 65_536, 64 * 1024 * 1024])('carry %i bytes', async (bytes) => {
		const sent = Buffer.alloc(bytes, 'coproc');
		send('large', new Uint8Array(sent));
		const [, got] = await receive('large');
		expect(Buffer.compare(got as Uint8Array, sent)).toBe(0);
	});

	it('carry registered types', async () => {
		class Money {
			amount: number;
			constructor(amount: number) {
				this.amount = amount;
			}
		}
		registerType(Money, { name: 'test.Money', encode: ({ amount }) => amount, decode: (amount: number) => new Money(amount) });
		send('a', [new Money(3)]);
		expect((await receive('a'))[1]).toEqual([new Money(3)]);
	});

	it('take 1,000 tags, the empty one and long ones too', async () => {
		const tags = ['', 'x'.repeat(400), ...Array.from({ length: 998 }, (_, index) => `tag ${index}`)];
		for (const tag of tags) send(tag, tag);
		for (const tag of tags) expect(await receive(tag, { timeout: 0 })).toEqual([tag, tag]);
	});

	it('serve those who wait in their order', async () => {
		const waits = [receive('a'), receive('a'), receive(['b', 'a'])];
		for (const contents of [1, 2, 3]) send('a', contents);
		expect((await Promise.all(waits)).map(([, contents]) => contents)).toEqual([1, 2, 3]);
	});
});

describe('the end of a wait', () => {
	it('is TIMEOUT, or what after() gives, and after() runs only then', async () => {
		expect(await receive('a', { timeout: 1 })).toEqual([TIMEOUT, undefined]);
		expect(await receive('a', { timeout: 0 })).toEqual([TIMEOUT, undefined]);
		expect(await receive('a', { timeout: 1, after: () => ['a', 'tick'] })).toEqual(['a', 'tick']);
		expect(await receive('a', { timeout: 0, after: async () => 'later' })).toBe('later');
		send('a', 'there');
		const after = (): never => expect.fail('after() ran');
		expect(await receive('a', { timeout: 0, after })).toEqual(['a', 'there']);
		const failing = (): never => {
			throw new RangeError('mine');
		};
		await expect(receive('a', { timeout: 0, after: failing })).rejects.toThrow(RangeError);
	});

	it('looks at every tag with timeout 0', async () => {
		for (let round = 0; round < 100; round += 1) {
			send('last', round);
			expect(await receive(['x', 'y', 'z', 'last'], { timeout: 0 })).toEqual(['last', round]);
		}
	});

	it('is the reason of an abort, and the message stays for others', async () => {
		const controller = new AbortController();
		const aborted = receive('a', { signal: controller.signal });
		const other = receive('a');
		controller.abort('enough');
		send('a', 1);
		await expect(aborted).rejects.toBe('enough');
		expect(await other).toEqual(['a', 1]);
		await expect(receive('a', { signal: AbortSignal.abort('before') })).rejects.toBe('before');
	});

	it('does not block the main thread of the host', () => {
		expect(() => receiveBlocking('a')).toThrow(expect.objectContaining({ code: 'ERR_COPROC_BLOCKING_NOT_ALLOWED' }));
	});
});

describe('bad input', () => {
	it.each([
		['a tag that is no string', () => send(1 as never, 0)],
		['half a character', () => send('\ud800', 0)],
		['a tag for setTags() that is no list', () => setTags('abc' as never)],
		['a negative timeout', () => receive('a', { timeout: -1 })],
		['an `after` that is no function', () => receive('a', { after: 1 as never })],
		['no tags', () => receive([])],
		['a tag in a list that is no string', () => drain(['a', null as never])],
	])('%s is a TypeError', async (_what, call) => {
		await expect((async () => call())()).rejects.toThrow(TypeError);
	});

	it('a bad element of setTags() changes nothing', async () => {
		send('a', 1);
		expect(() => setTags(['b', 5 as never])).toThrow(TypeError);
		expect(await receive('a', { timeout: 0 })).toEqual(['a', 1]);
	});

	it('what cannot be cloned is not sent, and a send in a getter spoils nothing', async () => {
		expect(() => send('a', { deep: () => {} })).toThrow(DataCloneError);
		const sneaky = {
			get first() {
				expect(() => send('a', 'inner')).toThrow(DataCloneError);
				return 1;
			},
			second: 2,
		};
		send('a', sneaky);
		expect(await receive('a', { timeout: 0 })).toEqual(['a', { first: 1, second: 2 }]);
		expect(await receive('a', { timeout: 0 })).toEqual([TIMEOUT, undefined]);
	});

	it('unknown options and limits that mean nothing are OptionErrors', () => {
		expect(() => new Mailbox({ tagLimits: 1 } as never)).toThrow(OptionError);
		expect(() => new Mailbox({ tagLimit: 0 })).toThrow(OptionError);
	});
});

describe('limits', () => {
	it('refuse what a full tag has no room for, and ready() tells when it has', async () => {
		const mailbox = new Mailbox({ bytesPerTag: 1000 });
		let sent = 0;
		expect(() => {
			for (;;) {
				mailbox.send('a', sent);
				sent += 1;
			}
		}).toThrow(MailboxFullError);
		await expect(mailbox.ready('a', { timeout: 1 })).rejects.toThrow(TimeoutError);
		const hasRoom = mailbox.ready('a');
		for (let number = 0; number < sent; number += 1) expect(await mailbox.receive('a')).toEqual(['a', number]);
		await hasRoom;
		mailbox.send('a', Buffer.alloc(5000));
		expect(mailbox.drain('a')).toBe(1);
		await mailbox[Symbol.asyncDispose]();
	});

	it('hold 10,000 small messages by default', () => {
		for (let number = 0; number < 10_000; number += 1) send('a', { number });
		expect(drain('a')).toBe(10_000);
	});

	it('refuse a tag too many, and receive and drain make none', async () => {
		const tags = Array.from({ length: 1024 }, (_, index) => `t${index}`);
		for (const tag of tags) {
			expect(await receive(`${tag}?`, { timeout: 0 })).toEqual([TIMEOUT, undefined]);
			expect(drain(`${tag}?`)).toBe(0);
			send(tag, 0);
		}
		expect(() => send('one more', 0)).toThrow(TagCapacityError);
		expect(() => setTags([...tags, 'one more'])).toThrow(TagCapacityError);
		expect(drain(tags)).toBe(1024);
	});
});

describe('setTags', () => {
	it('clears everything, and a receive that is pending goes on', async () => {
		const pending = receive('b');
		send('a', 1);
		setTags(['b', 'c', 'b']);
		expect(await receive('a', { timeout: 0 })).toEqual([TIMEOUT, undefined]);
		send('b', 2);
		expect(await pending).toEqual(['b', 2]);
		send('a', 3);
		expect(await receive('a')).toEqual(['a', 3]);
	});

	it('tells a receive whose tag is gone for good', async () => {
		const mailbox = new Mailbox({ tagLimit: 2 });
		mailbox.send('a', 1);
		await mailbox.receive('a');
		const lost = mailbox.receive('a');
		mailbox.setTags(['b', 'c']);
		await expect(lost).rejects.toThrow(TagCapacityError);
	});
});

describe('a mailbox of its own', () => {
	it('has tags of its own, and ends for all who wait', async () => {
		const mailbox = new Mailbox();
		mailbox.send('a', 'mine');
		send('a', 'of all');
		expect(await mailbox.receive('a')).toEqual(['a', 'mine']);
		send('mailboxes', mailbox);
		const [, same] = (await receive('mailboxes')) as [string, Mailbox];
		same.send('a', 'by the other');
		expect(await mailbox.receive('a')).toEqual(['a', 'by the other']);
		const waits = [mailbox.receive('a')];
		await mailbox[Symbol.asyncDispose]();
		await mailbox[Symbol.asyncDispose]();
		for (const wait of waits) await expect(wait).rejects.toThrow(MailboxClosedError);
		expect(() => same.send('a', 1)).toThrow(MailboxClosedError);
		await expect(ready('a', { timeout: 0 })).resolves.toBeUndefined();
	});
});
