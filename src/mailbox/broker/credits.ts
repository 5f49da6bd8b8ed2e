import { MailboxFullError } from '../../errors/index.ts';
import { charge, type TagKey } from '../store/index.ts';
import { nameOf, type WireCredit } from './wire.ts';

/** What is under way to one tag, and the error that its next call has to throw. */
interface Account {
	messages: number;
	bytes: number;
	failure?: { readonly error: unknown };
}

/**
 * What a worker has sent to each tag and its host has not put there yet: at most `bytesPerTag`, one message in any case. What the
 * host was refused comes back with its error, which the next call on that tag throws.
 */
export class Credits {
	readonly #accounts = new Map<string, Account>();

	/** Throws what an earlier message to one of these tags has failed with; once. */
	throwFailure(keys: readonly TagKey[]): void {
		for (const { box, text } of keys) {
			const name = nameOf(box, text);
			const account = this.#accounts.get(name);
			if (!account?.failure) continue;
			const { error } = account.failure;
			delete account.failure;
			this.#tidy(name, account);
			throw error;
		}
	}

	/** True when a message of so many bytes may go. */
	allows({ box, text }: TagKey, contentBytes: number): boolean {
		const account = this.#accounts.get(nameOf(box, text));
		return !account || account.messages === 0 || account.bytes + charge(contentBytes) <= box.bytesPerTag;
	}

	/** Spends credit for a message that goes. */
	spend({ box, text }: TagKey, contentBytes: number): void {
		const name = nameOf(box, text);
		let account = this.#accounts.get(name);
		if (!account) this.#accounts.set(name, (account = { messages: 0, bytes: 0 }));
		account.messages += 1;
		account.bytes += charge(contentBytes);
	}

	/** Says why a message may not go, and notes how large it was. */
	refusal(key: TagKey, contentBytes: number): MailboxFullError {
		const { box, text } = key;
		const { messages = 0, bytes = 0 } = this.#accounts.get(nameOf(box, text)) ?? {};
		key.refusedBytes = charge(contentBytes);
		const { bytesPerTag } = box;
		return new MailboxFullError({ tag: text, bytes: key.refusedBytes, queued: messages, queuedBytes: bytes, bytesPerTag });
	}

	/** Takes credit back. */
	onCredit({ box: [a, b, c], tag, messages, bytes, ...rest }: WireCredit): void {
		const name = nameOf({ id: [a, b, c] }, tag);
		const account = this.#accounts.get(name);
		if (!account) return;
		account.messages -= messages;
		account.bytes -= bytes;
		if ('error' in rest) account.failure ??= { error: rest.error };
		this.#tidy(name, account);
	}

	#tidy(name: string, account: Account): void {
		if (account.messages === 0 && !account.failure) this.#accounts.delete(name);
	}
}
