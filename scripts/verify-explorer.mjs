/*
 * Runs the shipped ring through every order of its steps: test/model/explorer.
 */
import { load } from './verify-build.mjs';

/** Preemptions when the ring is stopped before plain accesses too, and a schedule has twice the steps. */
const FEWER = 1;

/** @typedef {typeof import('../test/model/explorer/checks.ts')} Checks */

export async function verifyExplorer(
	/** @type {import('./verify.mjs').Report} */ report,
	/** @type {import('./verify.mjs').Options} */ { quick },
) {
	/** @type {Checks} */
	const checks = await load('test/model/explorer/checks.ts');
	const { catchFault, catchMutation, exploreShipped, FAULTS, MUTATIONS, SCENARIOS } = checks;
	/** @type {(...args: Required<Parameters<Checks['exploreShipped']>>) => import('./verify.mjs').Outcome} */
	const explored = (scenario, preemptions, atPlainAccesses) => {
		const { schedules, steps } = exploreShipped(scenario, preemptions, atPlainAccesses);
		return {
			text: `${schedules.toLocaleString('en')} schedules, ${steps.toLocaleString('en')} steps, ${preemptions} preemptions`,
			schedules,
		};
	};
	for (const scenario of SCENARIOS) {
		const preemptions = quick ? 2 : scenario.preemptions;
		await report.check(`explorer ${scenario.name}`, () => explored(scenario, preemptions, false));
		await report.check(`explorer ${scenario.name}, plain accesses`, () => explored(scenario, preemptions - FEWER, true));
	}
	for (const mutation of MUTATIONS)
		await report.check(`explorer catches ${mutation.name}`, () => caught(catchMutation(mutation)));
	for (const fault of FAULTS) await report.check(`explorer catches ${fault}`, () => caught(catchFault(fault)));
}

function caught(/** @type {ReturnType<Checks['catchMutation']>} */ found) {
	if (!found) throw new Error('not caught');
	return {
		text: `caught after ${found.schedules} schedules in "${found.scenario}": ${found.message.slice(0, 80)}`,
		mutations: 1,
	};
}
