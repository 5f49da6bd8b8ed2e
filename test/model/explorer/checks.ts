/*
 * What the explorer is asked: that the shipped ring fails nowhere, and that every broken one fails somewhere.
 */
import { MUTATIONS, type Mutation } from './mutations.ts';
import { type Scenario, SCENARIOS, starter, withFault } from './scenarios.ts';
import { type Exploration, explore } from './scheduler.ts';
import { loadRing, type ShippedRing } from './shipped.ts';
import { type Fault, FAULTS } from './sides.ts';

export { FAULTS, MUTATIONS, SCENARIOS };

/** Preemptions within which a mutation must show. */
const MUTATION_PREEMPTIONS = 3;

/** Explores one scenario over the shipped ring; throws, with the order of steps, when it fails. */
export function exploreShipped(scenario: Scenario, preemptions: number, atPlainAccesses = false): Exploration {
	const exploration = explore(starter(scenario, loadRing([], atPlainAccesses)), preemptions);
	const { failure, schedules } = exploration;
	if (failure) {
		throw new Error(`${scenario.name}: schedule ${schedules} fails, ${failure.error.message} (${failure.trace})`, {
			cause: failure.error,
		});
	}
	return exploration;
}

export interface Catch {
	readonly scenario: string;
	readonly preemptions: number;
	readonly schedules: number;
	readonly message: string;
}

/** How a ring with one thing broken was caught; undefined when no scenario notices. */
export function catchMutation(mutation: Mutation): Catch | undefined {
	return findFailure(SCENARIOS, loadRing(mutation.edits));
}

/** The same for a fault of whoever uses the ring. */
export function catchFault(fault: Fault): Catch | undefined {
	return findFailure(
		SCENARIOS.map((scenario) => withFault(scenario, fault)),
		loadRing(),
	);
}

/** Few preemptions in every scenario come before many in the first: most faults need one. */
function findFailure(scenarios: readonly Scenario[], ring: ShippedRing): Catch | undefined {
	let schedules = 0;
	for (let preemptions = 0; preemptions <= MUTATION_PREEMPTIONS; preemptions += 1) {
		for (const scenario of scenarios) {
			const exploration = explore(starter(scenario, ring), preemptions);
			schedules += exploration.schedules;
			const { failure } = exploration;
			if (failure) return { scenario: scenario.name, preemptions, schedules, message: failure.error.message };
		}
	}
	return undefined;
}
