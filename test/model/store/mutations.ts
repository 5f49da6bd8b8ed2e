/*
 * Ways to break the shipped store, each of which must be noticed. An edit whose text is not in the source any more is an error.
 */
import type { Edit } from './shipped-store.ts';

export interface StoreMutation {
	readonly name: string;
	readonly edits: readonly Edit[];
}

const edit = (file: string, from: string, to: string): readonly Edit[] => [{ file, from, to }];

export const STORE_MUTATIONS: readonly StoreMutation[] = [
	{
		name: 'a word is changed before its old content is written down',
		edits: [
			...edit(
				'journal.ts',
				'		const entry = JOURNAL + 2 * length;\n',
				'		const entry = JOURNAL + 2 * length; const old = words[index] as number; words[index] = value;\n',
			),
			...edit('journal.ts', 'words[entry + 1] = words[index] as number;', 'words[entry + 1] = old;'),
		],
	},
	{
		name: 'the length of the journal is stored before its entry',
		edits: [
			...edit(
				'journal.ts',
				'		words[entry] = index;\n',
				'		words[JOURNAL_LENGTH] = length + 1;\n		words[entry] = index;\n',
			),
			...edit('journal.ts', '		words[JOURNAL_LENGTH] = length + 1;\n		words[index] = value;', '		words[index] = value;'),
		],
	},
	{
		name: 'the oldest entry is undone first',
		edits: edit(
			'journal.ts',
			'for (let entry = (words[JOURNAL_LENGTH] as number) - 1; entry >= 0; entry -= 1) {',
			'for (let entry = 0; entry < (words[JOURNAL_LENGTH] as number); entry += 1) {',
		),
	},
	{
		name: 'nothing is undone after a death',
		edits: edit(
			'operations.ts',
			'		this.#parts.journal.rollBack();\n		abandonBuilding',
			'		this.#parts.journal.commit();\n		abandonBuilding',
		),
	},
	{
		name: 'a send is made visible by two stores',
		edits: edit('messages.ts', '		this.#count(tag, 1,', '		this.#journal.commit();\n		this.#count(tag, 1,'),
	},
	{
		name: 'a receive is made visible by two stores',
		edits: edit('messages.ts', '		this.#count(tag, -1,', '		this.#journal.commit();\n		this.#count(tag, -1,'),
	},
	{
		name: 'the last message is linked without the journal',
		edits: edit('messages.ts', 'this.#journal.set(tag + layout.TAG_LAST, message);', 'words[tag + layout.TAG_LAST] = message;'),
	},
	{
		name: 'a block is taken from its list without the journal',
		edits: edit('arena.ts', 'this.#journal.set(head, words[free] as number);', 'words[head] = words[free] as number;'),
	},
	{
		name: 'fresh memory is taken without the journal',
		edits: edit('arena.ts', 'this.#journal.set(FRESH, next);', 'words[FRESH] = next;'),
	},
	{
		name: 'a block is given back without the journal',
		edits: edit('arena.ts', '		this.#journal.set(head, block);', '		this.#words[head] = block;'),
	},
	{
		name: 'a large message belongs to nobody while it is written',
		edits: edit('tag-store.ts', '				journal.set(writing, made);\n', ''),
	},
	{
		name: 'a large message belongs to nobody while it is read',
		edits: edit(
			'look.ts',
			'if (isLarge) journal.set(layout.slotAt(slot) + layout.SLOT_READING, message);\n	else messages.giveBack(message);',
			'if (isLarge) journal.set(layout.slotAt(slot) + layout.SLOT_READING, message);\n	journal.commit();\n	if (!isLarge) messages.giveBack(message);',
		),
	},
	{
		name: 'a table that is being filled belongs to nobody',
		edits: edit('operations.ts', '		abandonBuilding(this.#parts);', '		this.#parts.words[layout.BUILDING] = 0;').concat(
			edit(
				'operations.ts',
				"import { FRESH, STARVING } from './layout.ts';",
				"import * as layout from './layout.ts';\nimport { FRESH, STARVING } from './layout.ts';",
			),
		),
	},
	{
		name: 'the bells ring after the commit',
		edits: edit(
			'tag-store.ts',
			'		this.#parts.slots.wake(key.hash);',
			'		this.#parts.journal.commit();\n		this.#parts.slots.wake(key.hash);',
		),
	},
	{
		name: 'a sender looks for sleepers before it appends',
		edits: edit('slots.ts', '		if (words[layout.SLEEPERS] === 0) return;', '		if (words[layout.SLEEPERS] === 1) return;'),
	},
	{
		name: 'a sleep is announced without its interests',
		edits: edit('slots.ts', 'words[word] = (words[word] as number) | (1 << (hash & 31));', 'words[word] = 0;'),
	},
	{
		name: 'a former announcement of a sleep is not taken back',
		edits: edit(
			'slots.ts',
			'		if (words[at + layout.SLOT_SLEEP] !== layout.AWAKE) this.awake(slot);\n		words.fill',
			'		words.fill',
		),
	},
	{
		name: 'the slot of who died goes on sleeping',
		edits: edit(
			'slots.ts',
			'		if (this.#words[layout.slotAt(slot) + layout.SLOT_SLEEP] !== layout.AWAKE) this.awake(slot);\n',
			'',
		),
	},
	{
		name: 'the number of messages wraps without a carry',
		edits: edit('messages.ts', 'if (low === -1) this.#journal.set(layout.NEXT_HIGH, (high + 1) | 0);', ''),
	},
	{
		name: 'numbers of messages are compared with their sign',
		edits: edit(
			'messages.ts',
			'return (words[first + layout.MESSAGE_LOW] as number) >>> 0 < (words[other + layout.MESSAGE_LOW] as number) >>> 0;',
			'return (words[first + layout.MESSAGE_LOW] as number) > (words[other + layout.MESSAGE_LOW] as number);',
		),
	},
	{
		name: 'the last message of a tag is forgotten when it is taken',
		edits: edit('messages.ts', 'if (next === 0) this.#journal.set(tag + layout.TAG_LAST, 0);', ''),
	},
];
