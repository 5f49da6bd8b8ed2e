import { InvalidArgumentError } from '../errors/index.ts';

/**
 * Names a channel, compared by value: `[1, 'a']` here is `[1, 'a']` on the other side. `undefined` means `null`, the default
 * channel. Symbols must be registered ones (`Symbol.for`), for others mean nothing elsewhere. From coproc's `channel_id`.
 */
export type ChannelId = null | string | number | bigint | boolean | symbol | readonly ChannelId[];

/** What a channel is filed under: primitives stand for themselves, arrays for the text that spells them out. */
export type ChannelKey = null | string | number | bigint | boolean | symbol;

/** Goes before the text of an array. */
const ARRAY_MARK = '\0array:';
/** Goes before a string that begins like a mark, so that no string is taken for an array. */
const STRING_MARK = '\0string:';

/** Arrays nested deeper than this are refused; cyclic ones have no end. */
const MAX_DEPTH = 32;

/** Returns the key of `id`, or throws InvalidArgumentError for what cannot be compared by value across a boundary. */
export function channelKey(id: ChannelId | undefined): ChannelKey {
	switch (typeof id) {
		case 'string':
			return id.charCodeAt(0) === 0 ? STRING_MARK + id : id;
		case 'number':
		case 'bigint':
		case 'boolean':
			return id;
		case 'undefined':
			return null;
		case 'symbol':
			if (Symbol.keyFor(id) === undefined) throw refuse(`the symbol ${String(id)} exists in this thread only; use Symbol.for()`);
			return id;
		default:
			if (id === null) return null;
			if (Array.isArray(id)) return ARRAY_MARK + spell(id as readonly ChannelId[], 0);
			if (typeof id === 'object' && ('timeout' in id || 'signal' in id)) throw refuse('options come second, after the channel');
			throw refuse(`${typeof id === 'function' ? 'a function' : 'an object'} cannot be compared by value across a boundary`);
	}
}

/** Spells an array so that two that are equal by value, and no others, give the same text. */
function spell(id: readonly ChannelId[], depth: number): string {
	if (depth >= MAX_DEPTH) throw refuse(`its arrays are nested more than ${MAX_DEPTH} deep`);
	const parts = Array.from(id, (part) => {
		if (Array.isArray(part)) return spell(part as readonly ChannelId[], depth + 1);
		const key = channelKey(part);
		if (typeof key === 'string') return JSON.stringify(key);
		if (typeof key === 'symbol') return `@${JSON.stringify(Symbol.keyFor(key))}`;
		if (typeof key === 'bigint') return `${key}n`;
		return String(key);
	});
	return `[${parts.join(',')}]`;
}

function refuse(why: string): InvalidArgumentError {
	return new InvalidArgumentError(
		`channelId was refused: ${why}. Use null, a string, number, bigint, boolean, Symbol.for() symbol, or an array of those.`,
	);
}
