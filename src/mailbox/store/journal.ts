import { ProtocolError } from '../../errors/index.ts';
import { JOURNAL, JOURNAL_ENTRIES, JOURNAL_LENGTH } from './layout.ts';

/**
 * Makes an operation of many stores visible by one, whenever its thread is killed.
 *
 * Before a word is changed, its index and its old content are written down. {@link commit} forgets them by one store: from then
 * on the operation has happened. Whoever takes the lock after a thread that died with it finds them and calls {@link rollBack}:
 * then it never happened. A killed thread leaves exactly what it had stored by then, in its order, and rolling back may itself
 * be cut short and begun again. Used under the lock only. From the rollback journals of databases.
 */
export class Journal {
	readonly #words: Int32Array;

	constructor(words: Int32Array) {
		this.#words = words;
	}

	/** Changes a word. */
	set(index: number, value: number): void {
		const words = this.#words;
		const length = words[JOURNAL_LENGTH] as number;
		if (length >= JOURNAL_ENTRIES) throw new ProtocolError('an operation on mailboxes has too many steps', { length });
		const entry = JOURNAL + 2 * length;
		words[entry] = index;
		words[entry + 1] = words[index] as number;
		words[JOURNAL_LENGTH] = length + 1;
		words[index] = value;
	}

	/** The operation has happened. */
	commit(): void {
		this.#words[JOURNAL_LENGTH] = 0;
	}

	/** The operation never happened. */
	rollBack(): void {
		const words = this.#words;
		for (let entry = (words[JOURNAL_LENGTH] as number) - 1; entry >= 0; entry -= 1) {
			words[words[JOURNAL + 2 * entry] as number] = words[JOURNAL + 2 * entry + 1] as number;
		}
		words[JOURNAL_LENGTH] = 0;
	}
}
