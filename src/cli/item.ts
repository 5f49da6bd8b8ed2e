/** How text becomes an item: as JSON where it is JSON, always as JSON, never. */
export type InputKind = 'auto' | 'json' | 'text';

/** An item as it travels: text to be taken as the command says, or, in a list, a path that is taken as it is. */
export type ItemText = string | readonly [path: string];

/** What JSON can begin with; what begins otherwise need not be tried. */
const BEGINS_JSON = /^\s*["[{\d\-tfn]/;

/**
 * Makes an item of text. With `auto`, JSON becomes what it stands for and anything else stays text, as does a
 * number that would lose digits. Throws SyntaxError for what is not JSON where it must be.
 */
export function itemOf(text: ItemText, kind: InputKind): unknown {
	if (typeof text !== 'string') return text[0];
	if (kind === 'text' || (kind === 'auto' && !BEGINS_JSON.test(text))) return text;
	try {
		const value: unknown = JSON.parse(text);
		return kind === 'auto' && losesDigits(value) ? text : value;
	} catch (error) {
		if (kind === 'auto') return text;
		// A cause would say the same once more.
		// oxlint-disable-next-line eslint/preserve-caught-error
		throw new SyntaxError(`the input is not JSON: ${(error as Error).message}`);
	}
}

function losesDigits(value: unknown): boolean {
	return typeof value === 'number' && (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)));
}
