import { MailboxFullError } from '../../errors/index.ts';
import { FRESH } from './layout.ts';
import { type Lock, probeStack } from './lock.ts';
import type { StoreParts } from './parts.ts';
import { abandonBuilding } from './set-tags.ts';
import type { TagKey } from './tag-key.ts';
import { ArenaUsedUp } from './tag-table.ts';

/** Dead blocks that are given back before others may have the lock. */
const TIDY_STEPS = 32;

/** Runs operations one at a time: each happens as a whole, or not at all, whether it throws or its thread is killed. */
export class Operations {
	readonly #parts: StoreParts;
	readonly #lock: Lock;

	constructor(parts: StoreParts, lock: Lock) {
		this.#parts = parts;
		this.#lock = lock;
	}

	/** Runs `action` under the lock. `key` names the tag in the error that says that the memory is used up. */
	run<T>(action: () => T, key?: TagKey): T {
		probeStack();
		const { journal } = this.#parts;
		if (this.#lock.acquire()) this.#recover();
		try {
			const result = action();
			journal.commit();
			return result;
		} catch (error) {
			journal.rollBack();
			throw error instanceof ArenaUsedUp ? this.#usedUp(key) : error;
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

	#usedUp(key: TagKey | undefined): MailboxFullError {
		const queuedBytes = (this.#parts.words[FRESH] as number) * 4;
		return new MailboxFullError({ tag: key?.text ?? '', bytes: 0, queued: 0, queuedBytes, bytesPerTag: undefined });
	}
}
