/** Which children are restarted when one ends: it alone, all of them, or it and those that were started after it. */
export type Strategy = 'oneForOne' | 'oneForAll' | 'restForOne';

/** When a child is restarted: always, after an error only, or never. */
export type Restart = 'permanent' | 'transient' | 'temporary';

/** How many restarts within how many milliseconds a supervisor makes before it gives up. */
export interface Intensity {
	readonly max: number;
	readonly within: number;
}

/** What a supervisor knows when one of its children has ended. Children are in the order in which they were started. */
export interface Situation {
	readonly strategy: Strategy;
	readonly children: readonly { readonly restart: Restart; readonly isRunning: boolean }[];
	/** Which child ended. */
	readonly ended: number;
	/** Whether it ended without an error. */
	readonly isNormal: boolean;
	readonly intensity: Intensity;
	/** When earlier restarts were, in milliseconds. */
	readonly restarts: readonly number[];
	readonly now: number;
}

/** What a supervisor does about it. */
export type Decision =
	/** Nothing: the child is not restarted, the others go on. */
	| { readonly type: 'leave' }
	/** Ends the children of `stop`, in that order, then starts those of `start`, in that order. */
	| {
			readonly type: 'restart';
			readonly stop: readonly number[];
			readonly start: readonly number[];
			readonly restarts: readonly number[];
	  }
	/** Ends all children in the order of `stop`, then itself. */
	| { readonly type: 'giveUp'; readonly stop: readonly number[] };

/**
 * Decides what a supervisor does when a child has ended. Pure: all of supervision is this table.
 *
 * After Erlang's supervisor: a temporary child that is ended with the others is not started again; one failure counts as one
 * restart, however many children it takes along.
 */
export function decide(situation: Situation): Decision {
	const { children, ended, isNormal, intensity, now } = situation;
	const { restart } = children[ended] as (typeof children)[number];
	if (restart === 'temporary' || (restart === 'transient' && isNormal)) return { type: 'leave' };
	const restarts = [...situation.restarts.filter((time) => now - time < intensity.within), now];
	if (restarts.length > intensity.max) return { type: 'giveUp', stop: stopOrder(situation, 0) };
	const first = firstAffected(situation);
	const isAffected = (index: number): boolean => (situation.strategy === 'oneForOne' ? index === ended : index >= first);
	const stop = stopOrder(situation, first).filter(isAffected);
	const start = children.flatMap((child, index) => {
		const isWanted = index === ended || (child.isRunning && child.restart !== 'temporary');
		return isAffected(index) && isWanted ? [index] : [];
	});
	return { type: 'restart', stop, start, restarts };
}

/** The running children from `first` on, the last one first. */
export function stopOrder({ children }: Pick<Situation, 'children'>, first: number): number[] {
	return children.flatMap((child, index) => (index >= first && child.isRunning ? [index] : [])).toReversed();
}

function firstAffected({ strategy, ended }: Situation): number {
	return strategy === 'oneForAll' ? 0 : ended;
}
