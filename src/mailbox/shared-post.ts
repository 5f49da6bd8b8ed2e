import { HotWindow, processors } from '../transport/index.ts';
import type { Change, Changed, LoopWait, Post } from './post.ts';
import { layout, type TagKey, type TagWait } from './store/index.ts';
import type { Tree } from './tree/index.ts';

/** Looks between two looks at the clock, in a thread that is about to park. */
const LOOKS_PER_CLOCK = 32;

/**
 * The post of a thread that shares the memory of its tree: who waits here, and when the thread sleeps.
 *
 * While messages follow each other closely, it looks for the next one instead of sleeping: being woken takes a dozen times as long,
 * and whoever sends to one that is awake need not ring.
 */
export class SharedPost implements Post {
	readonly #tree: Tree;
	readonly #hot = new HotWindow('balanced');
	#waits: LoopWait[] = [];
	/** `polling`: the next look is due in the next turn; `asleep`: others have been told to ring. */
	#loop: 'idle' | 'polling' | 'asleep' = 'idle';
	#isLoopOpen = false;
	/** What the store's `changes` were before the last look. */
	#seen = 0;

	constructor(tree: Tree) {
		this.#tree = tree;
		tree.onOwnRing = () => this.#onRing();
	}

	send(key: TagKey, codec: number, contents: Uint8Array, beforehand?: () => void): void {
		this.#tree.store.send(this.#tree.slot, { key, codec, contents, beforehand });
	}

	look(wait: TagWait): boolean {
		// Whoever waits here longer comes first.
		if (this.#waits.length === 0) this.#look([wait]);
		return wait.outcome !== undefined;
	}

	start(wait: LoopWait): void {
		if (this.look(wait)) return wait.onOver();
		this.#openLoop();
		this.#waits.push(wait);
		this.#pollOrSleep(performance.now());
	}

	giveUp(wait: LoopWait, isLastLook: boolean, onEnded: () => void): void {
		this.#waits = this.#waits.filter((other) => other !== wait);
		this.#setRef();
		// It may have come while the event loop was busy.
		if (isLastLook) this.#look([wait]);
		onEnded();
	}

	waitBlocking(wait: TagWait, timeout: number): void {
		const { bell, slot, store } = this.#tree;
		const deadline = performance.now() + timeout;
		this.#look([wait]);
		while (!wait.outcome) {
			if (this.#spin(wait, deadline)) break;
			const facts = bell.openPark(slot);
			if (facts) store.describe(slot, facts);
			const seen = bell.parkWord(slot);
			// Not for those in the event loop: what they took would lie there while other threads may want it.
			while (store.collect(slot, [wait], layout.PARKED) && !wait.outcome);
			const now = performance.now();
			if (wait.outcome || now >= deadline) break;
			this.#hot.slept(now);
			bell.park(slot, seen, deadline - now);
			this.#hot.woke(performance.now());
		}
		store.awake(slot);
		// Others wait in the event loop, and have to look for what came meanwhile and to sleep again.
		if (this.#waits.length > 0) this.#poll();
	}

	change(change: Change): number {
		const { store } = this.#tree;
		if (change.type === 'drain') return store.drain(change.keys);
		if (change.type === 'setTags') store.setTags(change.box, change.keys);
		else store.close(change.box);
		return 0;
	}

	changeLater(change: Change, onDone: (changed: Changed) => void): void {
		let changed: Changed;
		try {
			changed = { count: this.change(change) };
		} catch (error) {
			changed = { error };
		}
		onDone(changed);
	}

	/** Looks once; the outcome stays undefined where there is nothing. */
	#look(waits: readonly TagWait[]): void {
		const { slot, store } = this.#tree;
		this.#seen = store.changes;
		const begun = performance.now();
		while (store.collect(slot, waits, layout.AWAKE));
		const didWork = waits.some(({ outcome }) => outcome !== undefined);
		this.#hot.looked(begun, didWork ? performance.now() : begun, didWork);
	}

	/** Looks again and again while that pays; true when the wait is over. */
	#spin(wait: TagWait, deadline: number): boolean {
		for (let now = performance.now(); this.#mayPoll(now) && now < deadline; now = performance.now()) {
			if (this.#hasNews(LOOKS_PER_CLOCK)) this.#look([wait]);
			else this.#hot.looked(now, now, false);
			if (wait.outcome) return true;
		}
		return false;
	}

	/** Looks so many times whether anything has changed since the last look into the store. */
	#hasNews(looks: number): boolean {
		const { store } = this.#tree;
		for (let look = 0; look < looks; look += 1) if (store.changes !== this.#seen) return true;
		return false;
	}

	#mayPoll(now: number): boolean {
		return this.#hot.canSpin && this.#hot.isHot(now) && processors.isOneSpareAt(now);
	}

	#openLoop(): void {
		if (this.#isLoopOpen) return;
		const { bell, slot, store } = this.#tree;
		const facts = bell.openLoop(slot, () => this.#onRing());
		this.#isLoopOpen = true;
		if (facts.size > 0) store.describe(slot, facts);
	}

	#onRing(): void {
		if (this.#loop === 'asleep') this.#hot.woke(performance.now());
		if (this.#loop !== 'polling') this.#step();
	}

	/** Hands out what has come, then looks again in the next turn, or sleeps, while somebody waits. */
	#step(): void {
		const looks = this.#loop === 'polling' ? LOOKS_PER_CLOCK : 1;
		this.#loop = 'idle';
		if (this.#waits.length === 0) return;
		const now = performance.now();
		if (!this.#hasNews(looks)) this.#hot.looked(now, now, false);
		else {
			this.#look(this.#waits);
			this.#handOut();
		}
		if (this.#waits.length > 0) this.#pollOrSleep(now);
	}

	#pollOrSleep(now: number): void {
		if (this.#mayPoll(now)) this.#poll();
		else this.#sleep(now);
	}

	#poll(): void {
		if (this.#loop === 'polling') return;
		this.#loop = 'polling';
		this.#setRef();
		setImmediate(() => this.#step());
	}

	#sleep(now: number): void {
		const { slot, store } = this.#tree;
		this.#seen = store.changes;
		while (store.collect(slot, this.#waits, layout.ASLEEP));
		this.#handOut();
		if (this.#waits.length === 0) return;
		this.#loop = 'asleep';
		this.#hot.slept(now);
	}

	#handOut(): void {
		const over = this.#waits.filter(({ outcome }) => outcome !== undefined);
		if (over.length > 0) this.#waits = this.#waits.filter(({ outcome }) => outcome === undefined);
		this.#setRef();
		for (const wait of over) wait.onOver();
	}

	#setRef(): void {
		this.#tree.bell.setRef(this.#waits.some(({ keepsAlive }) => keepsAlive));
	}
}
