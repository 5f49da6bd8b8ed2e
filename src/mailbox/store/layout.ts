/*
 * Where everything lies in the memory of a tree's mailboxes, in words of 4 bytes. The only place with these numbers.
 *
 *      0  header: magic, version, size
 *     32  lock: a robust mutex (16 words), or the owner's number where threads are among themselves
 *     64  journal: number of entries, then (from 256 on) pairs of an index and the word that was there
 *     96  state of the store: the words below
 *    128  heads of the lists of free blocks, one for each size
 *   2048  slots of the participants, 64 words each
 *  34816  the arena: blocks of 21 sizes, from 64 bytes to 64 KiB
 *
 * A block is known by the index of its first word, which is never 0: 0 means none. That word links blocks into lists.
 */

/** What the header says first, and where it says what. */
export const MAGIC = 0x314d5043;
export const VERSION = 1;
export const MAGIC_INDEX = 0;
export const VERSION_INDEX = 1;
/** Words that the arena may reach, read-only. */
export const END_INDEX = 2;
/** A random number, read-only. */
export const TREE_ID = 3;

/** First word of the mutex; the owner's number among threads. */
export const LOCK = 32;
/** Number of threads that sleep until the lock is free. */
export const LOCK_SLEEPERS = 33;

/** Entries of the journal; 0 means that the store is consistent. */
export const JOURNAL_LENGTH = 64;
export const JOURNAL = 256;
export const JOURNAL_ENTRIES = 880;

/** First word of the arena that was never used. */
export const FRESH = 96;
/** First word that is not backed by memory yet. Only grows, and is not in the journal. */
export const BACKED = 97;
/** Number of the next message, lower and upper half: the order of arrival over all tags. */
export const NEXT_LOW = 98;
export const NEXT_HIGH = 99;
/** List of mailboxes. */
export const MAILBOXES = 100;
/** The table of tags that a setTags() under way is filling. */
export const BUILDING = 101;
/** Lists of what is to be given back to the arena, bit by bit. */
export const DEAD_MESSAGES = 102;
export const DEAD_TAGS = 103;
export const DEAD_TABLES = 104;
/** Number of participants that are to be woken for something. */
export const SLEEPERS = 105;
/** Slots from here on were never used. */
export const SLOTS_USED = 106;
/** Not 0 once a process other than the first one was invited. */
export const HAS_PROCESSES = 107;
/** Not 0 when somebody waits until the arena has memory again. */
export const STARVING = 108;
/** Changes whenever a wait may be over: whoever looks again and again needs no lock while it stays the same. */
export const CHANGES = 109;
/** Heads of the lists of free blocks. */
export const FREE = 128;

/** Where the slots lie, how long and how many they are, and what comes after them. */
export const SLOTS = 2048;
export const SLOT_WORDS = 64;
export const MAX_SLOTS = 512;
export const ARENA: number = SLOTS + MAX_SLOTS * SLOT_WORDS;

/** Words of a slot. */
export const SLOT_IS_USED = 0;
/** Changes whenever the slot changes hands. */
export const SLOT_GENERATION = 1;
export const SLOT_PID = 2;
/** Number of the thread as Node counts them in its process; 0 is the main thread. */
export const SLOT_THREAD = 3;
/** Number of the thread as the operating system counts them; 0 where that is not known. */
export const SLOT_TASK = 4;
/** Slot of the participant that started this one, plus 1. */
export const SLOT_PARENT = 5;
/** Descriptor and inode of the pipe that wakes the event loop; 0 where there is none. */
export const SLOT_PIPE = 6;
/** Descriptor and inode of the pipe that wakes a parked thread from another process. */
export const SLOT_PARK_PIPE = 8;
/** Whether, and how, the participant sleeps: {@link AWAKE}, {@link ASLEEP} or {@link PARKED}. */
export const SLOT_SLEEP = 10;
/** The message that it is putting together, and the one that it is reading. */
export const SLOT_WRITING = 11;
export const SLOT_READING = 12;
/** What it wants to be woken for, as sets of hashes of tags: a message on one of them, room on one of them. */
export const SLOT_WANTS = 16;
export const SLOT_WANTS_ROOM = 24;
/** A parked participant waits for this word to change. */
export const SLOT_BELL = 56;

/** Words of a set of hashes. */
export const SET_WORDS = 8;

/** A participant looks by itself. */
export const AWAKE = 0;
/** It sleeps in its event loop. */
export const ASLEEP = 1;
/** It is parked. */
export const PARKED = 2;

/** Words of a mailbox; its id takes three of them. */
export const BOX_ID = 1;
export const BOX_TAG_LIMIT = 4;
export const BOX_BYTES_PER_TAG = 5;
export const BOX_TAGS = 6;
export const BOX_TABLE = 7;
/** Changes when tags are taken away. */
export const BOX_GENERATION = 8;
export const BOX_IS_CLOSED = 9;
export const BOX_WORDS = 16;

/** Words of a table of tags: lists of tags by hash. */
export const TABLE_BUCKETS = 1;
/** The first bucket that may hold something, while the table is given back. */
export const TABLE_AT = 2;
export const TABLE_LISTS = 8;

/** Words of a tag. The first one links the tags of one bucket. */
export const TAG_HASH = 1;
export const TAG_FIRST = 2;
export const TAG_LAST = 3;
export const TAG_COUNT = 4;
export const TAG_BYTES = 5;
export const TAG_NAME_BYTES = 6;
export const TAG_NAME = 8;

/** Words of a message. The first one links the messages of a tag. */
export const MESSAGE_LOW = 1;
export const MESSAGE_HIGH = 2;
export const MESSAGE_BYTES = 3;
export const MESSAGE_CODEC = 4;
/** First chunk of one that is too large for its block. */
export const MESSAGE_CHUNKS = 5;
export const MESSAGE_PAYLOAD = 8;

/** Words of a chunk, a part of a large message. */
export const CHUNK_PAYLOAD = 4;
export const CHUNK_WORDS = 16_384;
export const CHUNK_BYTES: number = (CHUNK_WORDS - CHUNK_PAYLOAD) * 4;

/** Largest payload that lies in its message's own block, in bytes. */
export const INLINE_BYTES: number = (CHUNK_WORDS - MESSAGE_PAYLOAD) * 4;
/** Longest name of a tag in UTF-8, in bytes. */
export const MAX_NAME_BYTES: number = (CHUNK_WORDS - TAG_NAME) * 4;
/** What a message is charged in addition to its contents, in bytes. */
export const MESSAGE_OVERHEAD = 64;

/** Index of the first word of a slot. */
export function slotAt(slot: number): number {
	return SLOTS + slot * SLOT_WORDS;
}
