/*
 * The store of src/mailbox/store: one queue, its journal, its lock and its bells, for the model checker Spin.
 * `node scripts/verify.mjs --only mailbox` runs it with several sizes, and with every mutation below, each of which must be caught.
 *
 * One step here is one store of the shipped code, in its order, and a participant may be killed before each of them; names follow it.
 * What nobody else can see (a fresh block, what a participant keeps for itself) is no step. The queue is a list of blocks, taken from and
 * given back to a list of free ones; numbers of messages wrap.
 *
 * Sizes:     S senders of N messages each, R receivers, B blocks, KILLS participants that may be killed
 * Variants:  PARK     everyone parks on a word; otherwise everyone sleeps in an event loop, whose bell is kept
 *            RELEASE  the host takes the slot of who was killed, as soon as it is told
 *
 * Mutations: COUNT_FIRST        the journal's length is stored before its entry
 *            WRITE_FIRST        a word is changed before its old content is written down
 *            NO_ROLLBACK        who takes the lock after a death goes on with what it finds
 *            FORWARD_ROLLBACK   the oldest entry is undone first
 *            NOT_ROBUST         the lock of who died stays taken
 *            TWO_COMMITS        a send is made visible by two stores
 *            RING_LATE          the bells ring after the commit
 *            NO_SECOND_LOOK     looks in one operation and falls asleep in another one
 *            WORD_LATE          the word to park on is read after the sleep was announced
 *            NON_STICKY         a bell is lost on a participant that does not wait yet
 *            SLEEPERS_FORGOTTEN a sleep is not counted among the sleepers
 *            NO_ROOM_BELL       a receive wakes nobody who waits for room
 *            COPY_LATE          a message is copied after its block was given back
 *            FREE_LATE          a block is given back after the commit, in an operation of its own
 */
#ifndef S
#define S 2
#endif
#ifndef R
#define R 1
#endif
#ifndef N
#define N 2
#endif
#ifndef B
#define B 2
#endif
#ifndef KILLS
#define KILLS 1
#endif
#define P (S + R)
#define NOBODY P
/* Numbers of messages wrap at this. */
#define MOD 3
#define ENTRIES 24

/* Shared words. Block b is linked by word NEXT + b, and known as b + 1: 0 is none. */
#define FIRST 0
#define LAST 1
#define COUNT 2
#define NUMBER 3
#define FREE 4
#define SLEEPERS 5
#define SLEEP 6
#define NEXT (SLEEP + P)
#define WORDS (NEXT + B)
byte words[WORDS];
byte length;
byte entryWord[ENTRIES], entryValue[ENTRIES];
/* Blocks' contents: who sent it, which one it is, its number. */
byte sender[B], which[B], number[B];

/* The kernel's part. */
byte owner = NOBODY;
bit ownerDied;
bit rung[P];
bit waits[P];
byte parkWord[P];

/* What only the model knows. */
byte kills = KILLS;
bit dead[P], done[P];
byte sent[S], taken[S];
byte lastNumber = MOD - 1;
/* Where a message goes on between two stores of one operation: not in shared memory. */
byte lost;

inline die() {
	d_step {
		kills--;
		dead[me] = 1;
		if
		:: owner == me ->
#ifndef NOT_ROBUST
			owner = NOBODY;
			ownerDied = 1
#endif
		:: else
		fi
	};
	goto killed
}

/* One store, before which this participant may be killed. */
#define STEP(action) if :: d_step { action } :: kills > 0 -> die() fi

inline set(w, v) {
	value = v;
	word = w;
#ifdef WRITE_FIRST
	old = words[word];
	STEP(words[word] = value);
	STEP(entryWord[length] = word);
	STEP(entryValue[length] = old);
	STEP(length++)
#else
#ifdef COUNT_FIRST
	STEP(length++);
	STEP(entryWord[length - 1] = word);
	STEP(entryValue[length - 1] = words[word]);
#else
	STEP(entryWord[length] = word);
	STEP(entryValue[length] = words[word]);
	STEP(length++);
#endif
	STEP(words[word] = value)
#endif
}

inline acquire() {
	if
	:: atomic { owner == NOBODY -> owner = me; recovers = ownerDied; ownerDied = 0 }
	:: kills > 0 -> die()
	fi;
	if
	:: recovers -> rollBack(); recovers = 0
	:: else
	fi
}

/* May be cut short by a death, too: the length is stored last. */
inline rollBack() {
#ifndef NO_ROLLBACK
#ifdef FORWARD_ROLLBACK
	entry = 0;
	do
	:: entry < length -> STEP(words[entryWord[entry]] = entryValue[entry]); entry++
	:: else -> break
	od;
#else
	entry = length;
	do
	:: entry > 0 -> STEP(words[entryWord[entry - 1]] = entryValue[entry - 1]); entry--
	:: else -> break
	od;
#endif
#endif
	entry = 0;
	STEP(length = 0)
}

inline release() {
	STEP(owner = NOBODY)
}

/* Wakes the senders or the receivers that sleep, in the journal; rings unless that is for later. */
inline wake(from, to) {
	if
	:: words[SLEEPERS] == 0
	:: else ->
		other = from;
		do
		:: other < to && words[SLEEP + other] != 0 ->
			set(SLEEP + other, 0);
			set(SLEEPERS, words[SLEEPERS] - 1);
#ifdef RING_LATE
			late[other] = 1;
#else
			ring(other);
#endif
			other++
		:: other < to && words[SLEEP + other] == 0 -> other++
		:: other == to -> break
		od
	fi;
	other = 0
}

inline ring(p) {
#ifdef PARK
	STEP(parkWord[p]++)
#else
#ifdef NON_STICKY
	STEP(if :: waits[p] -> rung[p] = 1 :: else fi)
#else
	STEP(rung[p] = 1)
#endif
#endif
}

inline ringLate() {
	skip;
#ifdef RING_LATE
	other = 0;
	do
	:: other < P && late[other] -> late[other] = 0; ring(other); other++
	:: other < P && !late[other] -> other++
	:: other == P -> break
	od;
	other = 0
#endif
}

/* Says that it sleeps; a former announcement may stand when the operation that took it was rolled back. */
inline fallAsleep() {
	if
	:: words[SLEEP + me] != 0 -> set(SLEEP + me, 0); set(SLEEPERS, words[SLEEPERS] - 1)
	:: else
	fi;
	set(SLEEP + me, 1);
#ifndef SLEEPERS_FORGOTTEN
	set(SLEEPERS, words[SLEEPERS] + 1)
#endif
}

inline readWord() {
	skip;
#ifdef PARK
	seen = parkWord[me]
#endif
}

/* Waits until it is woken; a killed one never is. */
inline await() {
#ifdef PARK
	if
	:: parkWord[me] != seen
	:: kills > 0 -> die()
	fi
#else
	waits[me] = 1;
	if
	:: atomic { rung[me] -> rung[me] = 0; waits[me] = 0 }
	:: kills > 0 -> die()
	fi
#endif
}

proctype Sender(byte me) {
	byte mine, block, entry, other, old, seen, value, word;
	bit recovers, hasRoom, late[P];
	do
	:: mine == N -> break
	:: mine < N ->
		readWord();
		acquire();
		hasRoom = words[FREE] != 0;
		if
		:: !hasRoom ->
#ifdef NO_SECOND_LOOK
			release();
			acquire();
#endif
			fallAsleep();
			STEP(length = 0);
			release();
#ifdef WORD_LATE
			readWord();
#endif
			await()
		:: else ->
			block = words[FREE];
			set(FREE, words[NEXT + block - 1]);
			d_step { sender[block - 1] = me; which[block - 1] = mine; number[block - 1] = words[NUMBER] };
			set(NEXT + block - 1, 0);
			set(NUMBER, (words[NUMBER] + 1) % MOD);
			if
			:: words[LAST] == 0 -> set(FIRST, block)
			:: else -> set(NEXT + words[LAST] - 1, block)
			fi;
#ifdef TWO_COMMITS
			STEP(length = 0);
#endif
			set(LAST, block);
			set(COUNT, words[COUNT] + 1);
			wake(S, P);
			STEP(length = 0; sent[me] = sent[me] + 1);
			mine++;
			ringLate();
			release();
			block = 0
		fi
	od;
	done[me] = 1;
killed:
	skip
}

proctype Receiver(byte me) {
	byte block, entry, other, old, seen, value, word, from, what;
	bit recovers, late[P];
	do
	:: true ->
		readWord();
		acquire();
		if
		:: words[COUNT] == 0 ->
#ifdef NO_SECOND_LOOK
			release();
			acquire();
#endif
			fallAsleep();
			STEP(length = 0);
			release();
#ifdef WORD_LATE
			readWord();
#endif
			await()
		:: else ->
			block = words[FIRST];
			set(FIRST, words[NEXT + block - 1]);
			if
			:: words[FIRST] == 0 -> set(LAST, 0)
			:: else
			fi;
			set(COUNT, words[COUNT] - 1);
			d_step { from = sender[block - 1]; what = which[block - 1] };
#ifndef FREE_LATE
			set(NEXT + block - 1, words[FREE]);
			set(FREE, block);
#endif
#ifndef NO_ROOM_BELL
			wake(0, S);
#endif
			/* From here on the message is this receiver's: each once, in the order of its sender, in the order of arrival. */
			STEP(length = 0;
				assert(what == taken[from]);
				taken[from] = taken[from] + 1;
				assert(number[block - 1] == (lastNumber + 1) % MOD);
				lastNumber = number[block - 1]);
			ringLate();
			release();
#ifdef FREE_LATE
			acquire();
			set(NEXT + block - 1, words[FREE]);
			set(FREE, block);
			STEP(length = 0);
			release();
#endif
#ifdef COPY_LATE
			assert(from == sender[block - 1] && what == which[block - 1]);
#endif
			d_step { block = 0; from = 0; what = 0 }
		fi
	od;
killed:
	skip
}

#ifdef RELEASE
/* Takes the slots of those that were killed. It is not killed itself: with it, everything would end. */
proctype Host() {
	byte entry, other, old, seen, value, word, corpse;
	byte me = NOBODY + 1;
	bit recovers;
end:
	do
	:: corpse < P && dead[corpse] ->
		atomic { owner == NOBODY -> owner = me; recovers = ownerDied; ownerDied = 0 };
		d_step {
			if
			:: recovers ->
				do
				:: length > 0 -> length--; words[entryWord[length]] = entryValue[length]
				:: else -> break
				od
			:: else
			fi;
			if
			:: words[SLEEP + corpse] != 0 -> words[SLEEP + corpse] = 0; words[SLEEPERS] = words[SLEEPERS] - 1
			:: else
			fi;
			owner = NOBODY;
			dead[corpse] = 0;
			done[corpse] = 1;
			lost++
		}
	:: corpse < P && done[corpse] -> corpse++
	:: corpse == P -> break
	od
}
#endif

/* Looks at the end, when nobody can go on. */
proctype Judge() {
	byte index, free, queued, block, livingReceivers, sleepers;
	timeout ->
	d_step {
		do
		:: index < R ->
			if :: !dead[S + index] && !done[S + index] -> livingReceivers++ :: else fi;
			index++
		:: else -> break
		od;
		index = 0;
		/* What an operation had changed when its thread was killed is undone by whoever takes the lock next. */
		do
		:: length > 0 && ownerDied -> length--; words[entryWord[length]] = entryValue[length]
		:: else -> break
		od;
		assert(length == 0);
#ifdef NOT_ROBUST
		assert(owner == NOBODY);
#endif
		do
		:: index < S ->
			/* Everyone who lives and can go on has come to its end. */
			assert(livingReceivers == 0 || dead[index] || done[index]);
			/* What was sent was taken, if there is anybody to take it. */
			assert(livingReceivers == 0 || taken[index] == sent[index]);
			assert(taken[index] <= sent[index]);
			index++
		:: else -> break
		od;
		index = 0;
		do
		:: index < P ->
			if :: words[SLEEP + index] != 0 -> sleepers++ :: else fi;
			index++
		:: else -> break
		od;
		assert(sleepers == words[SLEEPERS]);
		block = words[FIRST];
		do
		:: block != 0 && queued <= B -> queued++; block = words[NEXT + block - 1]
		:: else -> break
		od;
		block = words[FREE];
		do
		:: block != 0 && free <= B -> free++; block = words[NEXT + block - 1]
		:: else -> break
		od;
		assert(queued == words[COUNT]);
		assert(livingReceivers == 0 || queued == 0);
		/* No block is lost, whoever was killed. */
		assert(free + queued == B)
	}
}

init {
	byte index;
	d_step {
		words[NUMBER] = 0;
		words[FREE] = 1;
		do
		:: index < B - 1 -> words[NEXT + index] = index + 2; index++
		:: else -> break
		od;
		index = 0
	};
	atomic {
		do
		:: index < S -> run Sender(index); index++
		:: index >= S && index < P -> run Receiver(index); index++
		:: index == P -> break
		od;
#ifdef RELEASE
		run Host();
#endif
		run Judge()
	}
}
