/** Name of the function by which a worker runs another one over several items in one call; announced after all others. */
export const CHUNK_FUNCTION = 'coproc.chunk';

/** A self-contained function as it travels. */
export interface InlineFunction {
	readonly source: string;
	readonly name: string;
}

/** What {@link CHUNK_FUNCTION} takes. */
export type ChunkArguments = readonly [
	/** Number of a served function; below 0, of one that was shipped. */
	fn: number,
	/** The function of a number below 0; left out when the worker should know it. */
	inline: InlineFunction | undefined,
	items: readonly unknown[],
	/** The chunk ends after the item that was running when this time had passed, in milliseconds. */
	budgetMs: number,
	/** True to go on after an item that fails. */
	keepsGoing: boolean,
];

/** What it gives; undefined when it does not know the function (any more). */
export interface ChunkReply {
	/** Results of the items that were run, in their order; undefined for one that failed. */
	readonly values: unknown[];
	/** Which of them failed, and with what. */
	readonly failures: (readonly [index: number, error: unknown])[];
	/** How long they took, in milliseconds. */
	readonly ms: number;
}
