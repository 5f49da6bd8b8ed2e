import type { MailboxFullError } from 'coproc';
import { expect, it } from 'vitest';

import { World } from '../model/store/world.ts';
import { loadStore } from '../model/store/shipped-store.ts';

const SENDER = 0;
const RECEIVER = 1;

it.each([1000, 200_000])(
	'who waits for room sleeps while messages of %i bytes use up all memory, and is woken for it',
	(bytes) => {
		const store = loadStore();
		const world = new World(store);
		const { tags } = world.open();
		const keys = new store.TagKeys({ id: [4, 5, 6], tagLimit: 1024, bytesPerTag: 2 ** 30, block: 0 });
		for (const threadId of [0, 1]) tags.join({ pid: 1, threadId, taskId: 0, parent: undefined });
		const key = keys.of('a');
		const contents = Buffer.alloc(bytes);
		let sent = 0;
		const send = (): void => world.open().tags.send(SENDER, { key, codec: 0, contents });
		for (;;) {
			try {
				send();
				sent += 1;
			} catch (error) {
				expect((error as MailboxFullError).code).toBe('ERR_COPROC_MAILBOX_FULL');
				expect((error as MailboxFullError).bytesPerTag).toBeUndefined();
				break;
			}
		}
		expect(sent).toBeGreaterThan(2);
		// As ready() does: looks, and sleeps.
		const room = store.newWait('room', [key]);
		world.open().tags.collect(SENDER, [room], store.layout.ASLEEP);
		expect(room.outcome).toBeUndefined();
		expect(world.isAsleep(SENDER)).toBe(true);

		world.open().tags.collect(RECEIVER, [world.newWait([keys.of('a')])], store.layout.AWAKE);
		expect(world.isAsleep(SENDER)).toBe(false);
		world.open().tags.collect(SENDER, [room], store.layout.ASLEEP);
		expect(room.outcome).toEqual({ type: 'room' });
		send();
	},
);
