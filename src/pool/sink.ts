/** Where the results of a map go. */
export interface Sink {
	/** True when results before a failure are wanted although it happened. */
	readonly isOrdered: boolean;
	/** True when nobody has to ask for the results. */
	readonly isDriven: boolean;
	/** Takes the result of an item. */
	put(index: number, value: unknown): void;
	/** Nothing more comes: all results are in, or those of the items before `index`, where `error` happened. */
	end(failure?: { readonly index: number; readonly error: unknown }): void;
}

/** What became of one item, with the option `settled`. */
export type SettledItem<R> =
	| { readonly index: number; readonly status: 'fulfilled'; readonly value: R }
	| { readonly index: number; readonly status: 'rejected'; readonly reason: unknown };
