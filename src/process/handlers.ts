import { messageMatcher, type MessageMatcher } from './match.ts';

/** What a process does with the messages of one pattern. */
export type Handler = (...message: unknown[]) => unknown;

/** The handlers of a process, in the order in which they were added. */
export class Handlers {
	readonly #entries: { readonly matches: MessageMatcher; readonly handle: Handler }[] = [];

	/** Throws InvalidArgumentError for a pattern that makes no sense. */
	add(pattern: unknown, handle: Handler): void {
		this.#entries.push({ matches: messageMatcher(pattern), handle });
	}

	/** The first handler that takes the message. */
	find(message: readonly unknown[]): Handler | undefined {
		for (const { matches, handle } of this.#entries) if (matches(message)) return handle;
		return undefined;
	}

	clear(): void {
		this.#entries.length = 0;
	}
}
