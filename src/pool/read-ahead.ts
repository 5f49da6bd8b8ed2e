/** Items of an async input that were read and wait to be sent. */
export class ReadAhead {
	/** What the input threw behind them. */
	late: { readonly error: unknown } | undefined;
	#items: unknown[] = [];
	#soon: NodeJS.Immediate | undefined;

	get length(): number {
		return this.#items.length;
	}

	push(item: unknown): void {
		this.#items.push(item);
	}

	/** Takes up to `count` of them. */
	take(count: number): unknown[] {
		if (count >= this.#items.length) return this.#items.splice(0);
		const taken = this.#items.slice(0, count);
		this.#items = this.#items.slice(count);
		return taken;
	}

	/** Gives an input that has more at hand one turn of the event loop to fill a chunk; one that has not holds nothing up. */
	sendSoon(send: () => void): void {
		this.#soon ??= setImmediate(() => {
			this.#soon = undefined;
			send();
		});
	}

	/** Nothing of it will be sent. */
	clear(): void {
		this.#items = [];
		clearImmediate(this.#soon);
	}
}
