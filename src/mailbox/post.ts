import { type BoxKey, layout, type TagKey, type TagWait } from './store/index.ts';
import type { Tree } from './tree/index.ts';

/** Looks at a store before a thread parks: a message that is under way costs less to look for than to sleep for. */
const LOOKS_BEFORE_PARK = 20;

/** Someone who waits in the event loop. */
export interface LoopWait extends TagWait {
	/** Called when `outcome` is set. Runs after the operation, and may use the post. */
	onOver(): void;
}

/** Sends and receives for one thread: who waits here, and when the thread sleeps. */
export class Post {
	readonly #tree: Tree;
	#waits: LoopWait[] = [];
	#isLoopOpen = false;

	constructor(tree: Tree) {
		this.#tree = tree;
		tree.onOwnRing = () => this.#pump();
	}

	/** Sends encoded contents; throws what the store throws. */
	send(key: TagKey, codec: number, contents: Uint8Array): void {
		this.#tree.store.send(this.#tree.slot, key, codec, contents);
	}

	/** Looks once; the outcome stays undefined when there is nothing. */
	look(wait: TagWait): void {
		this.#tree.store.collect(this.#tree.slot, [wait], layout.AWAKE);
	}

	/** Waits in the event loop, which stays alive meanwhile. */
	start(wait: LoopWait): void {
		// Whoever waits here longer comes first.
		if (this.#waits.length === 0) this.look(wait);
		if (wait.outcome) return wait.onOver();
		this.#openLoop();
		this.#waits.push(wait);
		this.#pump();
	}

	/** Ends a wait without outcome. */
	giveUp(wait: LoopWait): void {
		this.#waits = this.#waits.filter((other) => other !== wait);
		this.#tree.bell.setRef(this.#waits.length > 0);
	}

	/** Parks this thread until the wait has an outcome, or `timeout` ms have passed: then it has none. */
	waitBlocking(wait: TagWait, timeout: number): void {
		const { bell, slot, store } = this.#tree;
		const deadline = performance.now() + timeout;
		for (let looks = 0; looks < LOOKS_BEFORE_PARK && !wait.outcome; looks += 1) this.look(wait);
		while (!wait.outcome) {
			const facts = bell.openPark(slot);
			if (facts) store.describe(slot, facts);
			const seen = bell.parkWord(slot);
			// Not for those in the event loop: what they took would lie there while other threads may want it.
			while (store.collect(slot, [wait], layout.PARKED) && !wait.outcome);
			const left = deadline - performance.now();
			if (wait.outcome || left <= 0) break;
			bell.park(slot, seen, left);
		}
		store.awake(slot);
		// Others wait in the event loop, and have to look for what came meanwhile and to sleep again.
		if (this.#waits.length > 0) setImmediate(() => this.#pump());
	}

	/** As the store's own. */
	drain(keys: readonly TagKey[]): number {
		return this.#tree.store.drain(keys);
	}

	/** As the store's own. */
	setTags(box: BoxKey, keys: readonly TagKey[]): void {
		this.#tree.store.setTags(box, keys);
	}

	/** As the store's own. */
	close(box: BoxKey): void {
		this.#tree.store.close(box);
	}

	#openLoop(): void {
		if (this.#isLoopOpen) return;
		const { bell, slot, store } = this.#tree;
		const facts = bell.openLoop(slot, () => this.#pump());
		this.#isLoopOpen = true;
		if (facts.size > 0) store.describe(slot, facts);
	}

	/** Hands out what has come and sleeps again while somebody waits. */
	#pump(): void {
		if (this.#waits.length === 0) return;
		while (this.#tree.store.collect(this.#tree.slot, this.#waits, layout.ASLEEP));
		const over = this.#waits.filter(({ outcome }) => outcome !== undefined);
		if (over.length > 0) this.#waits = this.#waits.filter(({ outcome }) => outcome === undefined);
		this.#tree.bell.setRef(this.#waits.length > 0);
		for (const wait of over) wait.onOver();
	}
}
