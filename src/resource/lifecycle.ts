import type { ExitInfo } from '../errors/index.ts';

/** Where a resource is in its life. */
export type LifeState =
	| { readonly type: 'new' }
	| { readonly type: 'starting'; readonly before: LifeState }
	| { readonly type: 'alive' }
	| { readonly type: 'closing' }
	| { readonly type: 'terminating' }
	| { readonly type: 'dead'; readonly info: ExitInfo };

/** What happens to a resource. */
export type LifeEvent =
	| { readonly type: 'start' }
	| { readonly type: 'ready' }
	| { readonly type: 'startFailed' }
	| { readonly type: 'join' }
	| { readonly type: 'terminate' }
	| { readonly type: 'exit'; readonly info: ExitInfo };

/** Why an event is refused in a state. */
export type Refusal = 'alive' | 'notStarted' | 'alreadyDead';

/** The state after an event, or why the event is refused. Pure: the whole life cycle is this table. */
export function next(state: LifeState, event: LifeEvent): LifeState | Refusal {
	switch (event.type) {
		case 'start':
			return state.type === 'new' || state.type === 'dead' ? { type: 'starting', before: state } : 'alive';
		case 'ready':
			return state.type === 'starting' ? { type: 'alive' } : state;
		case 'startFailed':
			// As if the start had never been: the resource can be started again, and a former exit is still known.
			return state.type === 'starting' ? state.before : state;
		case 'exit':
			return { type: 'dead', info: event.info };
		// 'join' or 'terminate'
		default:
			return end(state, event.type === 'join' ? { type: 'closing' } : { type: 'terminating' });
	}
}

function end(state: LifeState, wanted: LifeState): LifeState | Refusal {
	if (state.type === 'new' || state.type === 'starting') return 'notStarted';
	if (state.type === 'dead') return 'alreadyDead';
	// A termination under way is not taken back by a request to close.
	return state.type === 'terminating' ? state : wanted;
}

/** True from the end of the start to the exit. */
export function isAlive(state: LifeState): boolean {
	return state.type === 'alive' || state.type === 'closing' || state.type === 'terminating';
}

/** How the worker ended, when it has and no other one has taken its place. */
export function lastExit(state: LifeState): ExitInfo | undefined {
	if (state.type === 'dead') return state.info;
	return state.type === 'starting' ? lastExit(state.before) : undefined;
}
