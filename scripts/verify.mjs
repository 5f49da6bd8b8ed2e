#!/usr/bin/env node
/*
 * Shows that the ring and the store of mailboxes are right, at length: `node scripts/verify.mjs [--quick] [--seconds N] [--seed N] [--only model,explorer]`.
 *
 *   model      the Promela model of ring and bells, and its mutations (needs spin and gcc)
 *   mailbox    the same for the store of mailboxes, and the shipped store with a death at every store of it
 *   explorer   the shipped ring in every order of steps with up to four preemptions, and its mutations
 *   fuzz       the ring against a plain queue, and against bytes that nobody of ours wrote
 *   stress     real threads and processes; worker.terminate() and SIGKILL at random instants
 *
 * fuzz and stress take N seconds together, 60 unless told. One line for each check; exit code 1 when one fails.
 */
import { parseArgs } from 'node:util';

import { build } from './verify-build.mjs';
import { verifyExplorer } from './verify-explorer.mjs';
import { verifyFuzz, verifyStress } from './verify-load.mjs';
import { verifyMailbox } from './verify-mailbox.mjs';
import { verifyModel } from './verify-model.mjs';

const PARTS = { model: verifyModel, explorer: verifyExplorer, mailbox: verifyMailbox, fuzz: verifyFuzz, stress: verifyStress };

/** @typedef {{ quick: boolean, seconds: number, seed: number }} Options */
/** @typedef {'states' | 'schedules' | 'mutations' | 'rounds' | 'records'} Sum */
/** @typedef {string | ({ text: string } & { [key in Sum]?: number })} Outcome */

/** Prints a line for each check and adds up what the checks have counted. */
export class Report {
	#checks = 0;
	/** @type {string[]} */
	#failures = [];
	/** @type {Record<string, number>} */
	#sums = {};
	#began = performance.now();

	/**
	 * Runs a check; it returns a text, or an object with `text` and numbers to add up, and throws when it fails.
	 *
	 * @param {string} name
	 * @param {() => Outcome | Promise<Outcome>} action
	 */
	async check(name, action) {
		const began = performance.now();
		try {
			const result = await action();
			const { text, ...numbers } = typeof result === 'string' ? { text: result } : result;
			for (const [key, value] of Object.entries(numbers)) this.#sums[key] = (this.#sums[key] ?? 0) + value;
			this.#print('ok  ', name, text, began);
		} catch (error) {
			this.#fail(name, error instanceof Error ? (error.stack ?? error.message) : String(error), began);
		}
	}

	/** Counts a check that could not be run as failed. */
	fail(/** @type {string} */ name, /** @type {string} */ why) {
		this.#fail(name, why, performance.now());
	}

	/** Prints the summary and returns the exit code. */
	finish() {
		const sums = Object.entries(this.#sums).map(([key, value]) => `${value.toLocaleString('en')} ${key}`);
		console.log(
			`${this.#checks} checks, ${this.#failures.length} failed, ${seconds(this.#began)}${sums.length > 0 ? ': ' : ''}${sums.join(', ')}`,
		);
		if (this.#failures.length > 0) console.log(`failed: ${this.#failures.join('; ')}`);
		return this.#failures.length > 0 || this.#checks === 0 ? 1 : 0;
	}

	#fail(/** @type {string} */ name, /** @type {string} */ why, /** @type {number} */ began) {
		this.#failures.push(name);
		this.#print('FAIL', name, why, began);
	}

	/**
	 * @param {string} verdict
	 * @param {string} name
	 * @param {string} text
	 * @param {number} began
	 */
	#print(verdict, name, text, began) {
		this.#checks += 1;
		console.log(`${verdict} ${name}: ${text} (${seconds(began)})`);
	}
}

function seconds(/** @type {number} */ since) {
	return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

async function main() {
	const { values } = parseArgs({
		options: { quick: { type: 'boolean' }, seconds: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
	});
	const options = {
		quick: values.quick ?? false,
		seconds: Number(values.seconds ?? (values.quick ? 10 : 60)),
		seed: Number(values.seed ?? Date.now() % 2 ** 31),
	};
	const chosen = values.only?.split(',') ?? Object.keys(PARTS);
	const unknown = chosen.filter((part) => !(part in PARTS));
	if (unknown.length > 0 || !(options.seconds > 0))
		throw new Error(`usage: --only ${Object.keys(PARTS).join()} --seconds N, got ${process.argv.slice(2).join(' ')}`);
	const report = new Report();
	await report.check('build', () => `${build()} files, seed ${options.seed}`);
	for (const part of /** @type {(keyof typeof PARTS)[]} */ (chosen)) await PARTS[part](report, options);
	process.exitCode = report.finish();
}

await main();
