/** How one participant is woken, and how it wakes others. */
export interface TreeBell {
	/** Wakes the participant in a slot, which sleeps in that way. Called under the lock. */
	ring(slot: number, sleep: number): void;
	/** Gets ready to be woken in the event loop, once; returns what the others have to know, as words of the slot. */
	openLoop(slot: number, onRing: () => void): ReadonlyMap<number, number>;
	/** Gets ready to be woken while parked; returns what has to be told the others since the last time. */
	openPark(slot: number): ReadonlyMap<number, number> | undefined;
	/** What a ring changes, read before this participant says that it is parked. */
	parkWord(slot: number): number;
	/** Parks until the word is not `seen` any more, or `timeout` ms have passed. */
	park(slot: number, seen: number, timeout: number): void;
	/** Whether waiting in the event loop keeps it alive. */
	setRef(isRefd: boolean): void;
}
