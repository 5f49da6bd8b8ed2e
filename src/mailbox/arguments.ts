import { InvalidArgumentError, OptionError } from '../errors/index.ts';
import { layout, type TagKey, type TagKeys } from './store/index.ts';

const LONE_SURROGATE = /\p{Surrogate}/u;
const OPTIONS = ['tagLimit', 'bytesPerTag'];

/** The key of one tag. Throws InvalidArgumentError, which is a TypeError. */
export function keyOf(method: string, keys: TagKeys, tag: unknown): TagKey {
	const refuse = (why: string): never => {
		throw new InvalidArgumentError(`${method}() was refused: ${why}`);
	};
	if (typeof tag !== 'string') return refuse(`a tag must be a string, not ${tag === null ? 'null' : typeof tag}`);
	if (LONE_SURROGATE.test(tag)) refuse('the tag has half of a surrogate pair, which is no character');
	const key = keys.of(tag);
	if (key.name.length > layout.MAX_NAME_BYTES)
		refuse(`a tag may have ${layout.MAX_NAME_BYTES} bytes in UTF-8, not ${key.name.length}`);
	return key;
}

/** The keys of a tag or of a list of tags, each once, all checked before anything is done. */
export function keysOf(method: string, keys: TagKeys, tags: unknown, mayBeEmpty: boolean): TagKey[] {
	if (typeof tags === 'string') return [keyOf(method, keys, tags)];
	if (!Array.isArray(tags))
		throw new InvalidArgumentError(`${method}() was refused: it takes a tag or an array of tags, not ${typeof tags}`);
	if (tags.length === 0 && !mayBeEmpty)
		throw new InvalidArgumentError(`${method}() was refused: the array of tags must hold at least one`);
	// By index: holes are no tags.
	return [...new Set(Array.from(tags as readonly unknown[], (tag) => keyOf(method, keys, tag)))];
}

/** Checks the options of a mailbox. Throws OptionError. */
export function checkOptions(options: Readonly<Record<string, unknown>>): void {
	for (const [option, value] of Object.entries(options)) {
		const refuse = (problem: string): never => {
			throw new OptionError({ subject: 'Mailbox', option, problem });
		};
		if (!OPTIONS.includes(option)) refuse(`is unknown; there are ${OPTIONS.join(' and ')}`);
		if (value === undefined) continue;
		const most = option === 'tagLimit' ? 1_000_000 : 2 ** 30;
		if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > most)
			refuse(`must be an integer from 1 to ${most}, not ${typeof value === 'number' ? value : typeof value}`);
	}
}
