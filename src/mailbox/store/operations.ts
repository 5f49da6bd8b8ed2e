import { MailboxFullError } from '../../errors/index.ts';
import { FRESH, STARVING } from './layout.ts';
import { type Lock, probeStack } from './lock.ts';
import { charge } from './messages.ts';
import type { StoreParts } from './parts.ts';
import { abandonBuilding } from './set-tags.ts';
import type { TagKey } from './tag-key.ts';
import { ArenaUsedUp } from './tag-table.ts';

/** Dead blocks that are given back before others may have the lock. */
const TIDY_STEPS = 32;

/** What an operation is for, as the error says that finds the memory used up. */
export interface Purpose {
	readonly key?: TagKey | undefined;
	readonly contents?: Uint8Array;
}

/** Runs operations one at a time: each happens as a whole, or not at all, whether it throws or its thread is killed. */
export class Operations {
	readonly #parts: StoreParts;
	readonly #lock: Lock;

	constructor(parts: StoreParts, lock: Lock) {
		this.#parts = parts;
		this.#lock = lock;
	}

	/** Runs `action` under the lock. */
	run<T>(action: () => T, purpose?: Purpose): T {
		probeStack();
		const { arena, journal, slots, words } = this.#parts;
		if (this.#lock.acquire()) this.#recover();
		try {
			const result = action();
			if (arena.takeFreed() && words[STARVING] !== 0) {
				journal.set(STARVING, 0);
				slots.wake(undefined);
			}
			journal.commit();
			return result;
		} catch (error) {
			journal.rollBack();
			throw error instanceof ArenaUsedUp ? this.#usedUp(purpose) : error;
		} finally {
			this.#lock.release();
		}
	}

	/** Gives back what operations unlinked, leaving the lock to others in between. */
	tidy(): void {
		while (!this.run(() => this.#parts.graveyard.clear(TIDY_STEPS)));
	}

	/** The former owner of the lock died: what it had not finished never happened. */
	#recover(): void {
		this.#parts.journal.rollBack();
		abandonBuilding(this.#parts);
	}

	#usedUp({ key, contents }: Purpose = {}): MailboxFullError {
		const queuedBytes = (this.#parts.words[FRESH] as number) * 4;
		const bytes = charge(contents?.length ?? 0);
		if (key) {
			key.refusedBytes = bytes;
			key.isStarving = true;
		}
		return new MailboxFullError({ tag: key?.text ?? '', bytes, queued: 0, queuedBytes, bytesPerTag: undefined });
	}
}
