/*
 * The ring of src/ringbuf and its two bells, as ring-transport.ts uses them, for the model checker Spin.
 * `node scripts/verify.mjs --only model` runs it with several sizes, and with every mutation below, each of which must be caught.
 *
 * One step here is one Atomics call, or one plain access to a cell, of the shipped code; names follow it. A cell stands for
 * 16 bytes, positions count cells and wrap at MOD, records take 1 to MAXLEN cells and are never split by the end (PAD).
 *
 * Sizes:     CAP cells in the ring, N records, MAXLEN, LIMIT records in one read
 * Variants:  CLOSE    the producer closes in order, and only this tells the consumer that nothing more comes
 *            CRASH_P  the producer is killed at any step      CRASH_C  the consumer is killed at any step
 *            FENCED   with PLAIN_TAIL and PLAIN_HEAD: waits for the store buffer after each, and is right again
 *            A side whose peer may be killed sleeps in its event loop only: the bell's close is what tells it.
 *
 * Mutations: NO_RECHECK          arm does not look at TAIL again
 *            NO_SPACE_RECHECK    arm does not look at HEAD again
 *            ARM_LOOKS_FIRST     arm looks first and announces second
 *            FLAG_FIRST          publish looks at CWAIT before it stores TAIL
 *            SPACE_FLAG_FIRST    release looks at PWAIT before it stores HEAD
 *            PLAIN_TAIL          TAIL is stored by a plain store, which a store buffer delays
 *            PLAIN_HEAD          HEAD is stored by a plain store
 *            NO_EXCHANGE         the announcement is read but not taken
 *            NON_STICKY          a bell is lost on a side that does not wait yet
 *            BELL_AFTER_ARM      the word to park on is read after the announcement
 *            SLEEP_UNPUBLISHED   waits for room while committed records are unpublished
 *            EARLY_RELEASE       gives memory back before it was read
 *            PAD_NOT_COUNTED     the cells of a PAD are not counted as used
 *            LIVENESS_LATE       looks whether the peer lives after it has looked at TAIL
 *            DRAIN_BOUNDED       after the death of the peer takes in one batch only
 *            CLOSE_UNSEEN        does not look at STATE between announcing and parking
 *            CLOSE_FLAG_FIRST    close looks at CWAIT before it sets STATE
 */
#ifndef CAP
#define CAP 2
#endif
#ifndef N
#define N 4
#endif
#ifndef MAXLEN
#define MAXLEN 1
#endif
#ifndef LIMIT
#define LIMIT 2
#endif
#define MOD (2 * CAP)
#define DIST(a, b) (((a) + MOD - (b)) % MOD)

#define AWAKE 0
#define ASLEEP 1
#define PARKED 2
#define PAD 255

#define PRODUCER 0
#define CONSUMER 1

#ifdef CRASH_C
#define PRODUCER_MAY_PARK false
#else
#define PRODUCER_MAY_PARK true
#endif
#ifdef CRASH_P
#define CONSUMER_MAY_PARK false
#else
#define CONSUMER_MAY_PARK true
#endif

/* Shared words. Positions start one before the wrap. */
byte TAIL = MOD - 1;
byte HEAD = MOD - 1;
byte CWAIT, PWAIT;
bit STATE;
byte BELL[2];

/* Shared data: length of the record that starts here, and whose bytes these are. */
byte length[CAP];
byte owner[CAP];

/* The event loops' bells, the closes that they report, and who is in Atomics.wait or futex. */
bit rung[2];
bit gone[2];
bit waiting[2];
bit parked[2];

/* What only the model knows. */
byte written, published, got;
bit producerDead, consumerDead;
/* Announcements that are standing, or were taken but not rung yet: one ring each, never two. */
byte dataAnnounced, spaceAnnounced;

/* A store buffer of one entry for each side, for the mutations that use a plain store. */
bit tailHeld, headHeld;
byte heldTail, heldHead, heldPublished;

#define PRODUCER_FENCE (!tailHeld)
#define CONSUMER_FENCE (!headHeld)

inline wake(who, kind) {
	if
	:: kind == AWAKE
	:: kind == ASLEEP ->
		d_step {
#ifdef NON_STICKY
			if :: waiting[who] -> rung[who] = 1 :: else fi
#else
			rung[who] = 1
#endif
		}
	:: kind == PARKED ->
		BELL[who]++;
		parked[who] = 0
	fi;
	kind = AWAKE
}

/* `announced` is the model's own: the peer's sleep that this ring answers. */
inline rings(kind, announced) {
	if
	:: kind != AWAKE -> assert(announced > 0); announced--
	:: else
	fi
}

inline waitInEventLoop(who) {
#ifdef NON_STICKY
	waiting[who] = 1;
#endif
	d_step { rung[who] || gone[who] -> rung[who] = 0; waiting[who] = 0 }
}

inline park(who, expected) {
	if
	:: d_step { BELL[who] != expected -> skip }
	:: d_step { BELL[who] == expected -> parked[who] = 1 }; !parked[who]
	fi
}

inline chooseSleep(kind, mayPark) {
	if
	:: kind = ASLEEP
	:: mayPark -> kind = PARKED
	fi
}

/* ---- producer ---- */

inline takeCwait() {
	if
	:: CWAIT == AWAKE
	:: else ->
#ifdef NO_EXCHANGE
		kind = CWAIT;
#else
		d_step { PRODUCER_FENCE -> kind = CWAIT; CWAIT = AWAKE };
#endif
		d_step { rings(kind, dataAnnounced) };
	fi
}

inline storeTail() {
#ifdef PLAIN_TAIL
	d_step { !tailHeld -> tailHeld = 1; heldTail = tail; heldPublished = written };
#ifdef FENCED
	PRODUCER_FENCE
#endif
#else
	d_step { TAIL = tail; published = written }
#endif
}

inline publish() {
	if
	:: isPending ->
		isPending = 0;
#ifdef FLAG_FIRST
		takeCwait();
		storeTail();
#else
		storeTail();
		takeCwait();
#endif
		wake(CONSUMER, kind)
	:: else
	fi
}

#define REST (CAP - (tail % CAP))
#define SKIP ((REST < size) -> REST : 0)
#ifdef PAD_NOT_COUNTED
#define HAS_ROOM (CAP - DIST(tail, headCache) >= size)
#else
#define HAS_ROOM (CAP - DIST(tail, headCache) >= size + SKIP)
#endif

inline armSpace() {
#ifdef NO_SPACE_RECHECK
	d_step { PRODUCER_FENCE -> PWAIT = sleep; spaceAnnounced++ };
	isArmed = 1;
#else
	d_step { PRODUCER_FENCE -> spaceAnnounced = (PWAIT == AWAKE -> spaceAnnounced + 1 : spaceAnnounced); PWAIT = sleep };
	headCache = HEAD;
	if
	:: HAS_ROOM -> disarmSpace(); isArmed = 0
	:: else -> isArmed = 1
	fi
#endif
}

inline disarmSpace() {
	d_step { PRODUCER_FENCE -> spaceAnnounced = (PWAIT != AWAKE -> spaceAnnounced - 1 : spaceAnnounced); PWAIT = AWAKE }
}

inline waitForRoom() {
#ifndef SLEEP_UNPUBLISHED
	publish();
#endif
	chooseSleep(sleep, PRODUCER_MAY_PARK);
	if
	:: sleep == PARKED ->
#ifndef BELL_AFTER_ARM
		bell = BELL[PRODUCER];
#endif
		armSpace();
#ifdef BELL_AFTER_ARM
		bell = BELL[PRODUCER];
#endif
		if
		:: isArmed -> park(PRODUCER, bell); disarmSpace()
		:: else
		fi
	:: else ->
		armSpace();
		if
		:: isArmed -> waitInEventLoop(PRODUCER); isGone = gone[PRODUCER]
		:: else
		fi
	fi;
	atomic { sleep = 0; bell = 0; isArmed = 0 }
}

inline writeRecord() {
	if
	:: SKIP > 0 -> length[tail % CAP] = PAD; tail = (tail + SKIP) % MOD
	:: else
	fi;
	cell = 0;
	do
	:: cell < size -> owner[(tail % CAP) + cell] = written + 1; cell++
	:: else -> break
	od;
	length[tail % CAP] = size;
	atomic { tail = (tail + size) % MOD; written++; isPending = 1; size = 0; cell = 0 }
}

inline produce() {
	do
	:: written == N || isGone -> break
	:: else ->
		if
		:: size == 0 ->
			if
			:: size = 1
			:: MAXLEN > 1 -> size = MAXLEN
			fi
		:: else
		fi;
		if
		:: HAS_ROOM
		:: else -> headCache = HEAD
		fi;
		if
		:: HAS_ROOM ->
			writeRecord();
			/* A batch of any size. */
			if
			:: publish()
			:: written < N -> skip
			fi
		:: else -> waitForRoom()
		fi
	od;
	publish();
#ifdef CLOSE
#ifdef CLOSE_FLAG_FIRST
	takeCwait();
	d_step { PRODUCER_FENCE -> STATE = 1 };
#else
	d_step { PRODUCER_FENCE -> STATE = 1 };
	takeCwait();
#endif
	wake(CONSUMER, kind);
	gone[CONSUMER] = 1
#endif
}

proctype Producer() {
	byte tail = MOD - 1, headCache = MOD - 1;
	byte size, cell, kind, sleep, bell;
	bit isPending, isArmed, isGone;
	{ produce() } unless { producerDead }
}

/* ---- consumer ---- */

inline takePwait() {
	if
	:: PWAIT == AWAKE
	:: else ->
#ifdef NO_EXCHANGE
		kind = PWAIT;
#else
		d_step { CONSUMER_FENCE -> kind = PWAIT; PWAIT = AWAKE };
#endif
		d_step { rings(kind, spaceAnnounced) };
	fi
}

inline storeHead() {
#ifdef PLAIN_HEAD
	d_step { !headHeld -> headHeld = 1; heldHead = head };
#ifdef FENCED
	CONSUMER_FENCE
#endif
#else
	HEAD = head
#endif
}

inline release() {
	if
	:: head != released ->
		released = head;
#ifdef SPACE_FLAG_FIRST
		takePwait();
		storeHead();
#else
		storeHead();
		takePwait();
#endif
		wake(PRODUCER, kind)
	:: else
	fi
}

/* One batch: what TAIL shows, LIMIT records at the most. */
inline read() {
	tail = TAIL;
	assert(DIST(tail, head) <= CAP);
	count = 0;
	do
	:: head == tail || count == LIMIT -> break
	:: else ->
		size = length[head % CAP];
		if
		:: size == PAD -> head = (head + CAP - (head % CAP)) % MOD
		:: else ->
			assert(size >= 1 && size <= MAXLEN);
			assert(size <= DIST(tail, head) && size <= CAP - (head % CAP));
#ifdef EARLY_RELEASE
			HEAD = (head + size) % MOD;
#endif
			cell = 0;
			do
			/* Whole, in order, none twice, none missing. */
			:: cell < size -> assert(owner[(head % CAP) + cell] == got + 1); cell++
			:: else -> break
			od;
			atomic { head = (head + size) % MOD; got++; count++; cell = 0 }
		fi;
		size = 0
	od;
	atomic { isDrained = (head == tail); tail = 0; count = 0 }
}

inline takeIn() {
	do
	:: read(); release();
#ifdef DRAIN_BOUNDED
		break
#else
		if :: isDrained -> break :: else fi
#endif
	od
}

inline armData() {
#ifdef ARM_LOOKS_FIRST
	isArmed = (TAIL == head);
	if
	:: isArmed -> d_step { CONSUMER_FENCE -> dataAnnounced = (CWAIT == AWAKE -> dataAnnounced + 1 : dataAnnounced); CWAIT = sleep }
	:: else
	fi
#else
	d_step { CONSUMER_FENCE -> dataAnnounced = (CWAIT == AWAKE -> dataAnnounced + 1 : dataAnnounced); CWAIT = sleep };
#ifdef NO_RECHECK
	isArmed = 1
#else
	if
	:: TAIL != head -> disarmData(); isArmed = 0
	:: else -> isArmed = 1
	fi
#endif
#endif
}

inline disarmData() {
	d_step { CONSUMER_FENCE -> dataAnnounced = (CWAIT != AWAKE -> dataAnnounced - 1 : dataAnnounced); CWAIT = AWAKE }
}

inline sleepUntilData() {
	chooseSleep(sleep, CONSUMER_MAY_PARK);
	if
	:: sleep == PARKED ->
#ifndef BELL_AFTER_ARM
		bell = BELL[CONSUMER];
#endif
		armData();
#ifdef BELL_AFTER_ARM
		bell = BELL[CONSUMER];
#endif
		if
		:: isArmed ->
#ifndef CLOSE_UNSEEN
			isGone = STATE;
#endif
			if
			:: !isGone -> park(CONSUMER, bell); isGone = STATE
			:: else
			fi;
			disarmData()
		:: else
		fi
	:: else ->
		armData();
		if
		:: isArmed ->
			waitInEventLoop(CONSUMER);
#ifndef LIVENESS_LATE
			isGone = gone[CONSUMER]
#endif
		:: else
		fi
	fi;
	atomic { sleep = 0; bell = 0; isArmed = 0 }
}

inline consume() {
	do
	:: takeIn();
#ifdef LIVENESS_LATE
		isGone = gone[CONSUMER];
#endif
		if
		:: isGone -> break
#ifndef CLOSE
		:: !isGone && got == N -> break
		:: !isGone && got < N -> sleepUntilData()
#else
		:: else -> sleepUntilData()
#endif
		fi
	od;
	/* Everything that was published before the end of the producer, and nothing else. */
	assert(got == published);
#ifdef CLOSE
	assert(producerDead || got == N)
#endif
}

proctype Consumer() {
	byte head = MOD - 1, released = MOD - 1;
	byte tail, count, size, cell, kind, sleep, bell;
	bit isDrained, isArmed, isGone;
	{ consume() } unless { consumerDead }
}

/* ---- surroundings ---- */

/* Kills one side at any step; the operating system closes its bell some time later. */
proctype Reaper() {
	skip;
#ifdef CRASH_P
	producerDead = 1;
	gone[CONSUMER] = 1
#endif
#ifdef CRASH_C
	consumerDead = 1;
	gone[PRODUCER] = 1
#endif
}

/* Delayed stores reach memory some time, also those of a side that is dead by then. */
proctype StoreBuffer() {
end:
	do
	:: d_step { tailHeld -> TAIL = heldTail; published = heldPublished; tailHeld = 0 }
	:: d_step { headHeld -> HEAD = heldHead; headHeld = 0 }
	od
}

init {
	atomic {
		run Producer();
		run Consumer();
#if defined(CRASH_P) || defined(CRASH_C)
		run Reaper();
#endif
#if defined(PLAIN_TAIL) || defined(PLAIN_HEAD)
		run StoreBuffer()
#endif
	}
}
