/*
 * Runs models of test/model through Spin: a model as it stands must have no error at any size, and every mutation must have one.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { PROJECT } from './verify-build.mjs';

const MODELS = path.join(PROJECT, 'test/model');
const FOLDER = path.join(PROJECT, '.tmp/verify-spin');
/** One run of the checker, in ms; the longest takes some 5 s on the machine this was written on. */
const TIMEOUT = 300_000;

/** Sizes and variants of the model that must have no error. The first ones are the quick ones. */
const SOUND = [
	'CAP=1 N=4',
	'CAP=2 N=4',
	'CAP=2 N=4 CLOSE LIMIT=1',
	'CAP=2 N=4 CRASH_P',
	'CAP=2 N=4 CRASH_C',
	// A plain store with a fence after it is right again: shows that the mutations below fail for want of the fence.
	'CAP=2 N=4 PLAIN_TAIL PLAIN_HEAD FENCED',
	'CAP=4 N=3 MAXLEN=2',
	'CAP=2 N=5',
	'CAP=4 N=4 MAXLEN=2',
	'CAP=4 N=3 MAXLEN=2 CLOSE',
	'CAP=4 N=3 MAXLEN=2 CRASH_P',
	'CAP=4 N=3 MAXLEN=2 CRASH_P CLOSE',
	'CAP=4 N=3 MAXLEN=2 CRASH_C',
];
const QUICK_SOUND = 7;

/** Sizes for which every run must come to an end: no cycle of states. */
const ENDING = ['CAP=2 N=4', 'CAP=2 N=3 CLOSE'];

/** Mutations, each in a variant where it matters. ring.pml says what they are. */
const MUTATIONS = [
	'NO_RECHECK',
	'NO_SPACE_RECHECK',
	'ARM_LOOKS_FIRST',
	'FLAG_FIRST',
	'SPACE_FLAG_FIRST',
	'PLAIN_TAIL',
	'PLAIN_HEAD',
	'NO_EXCHANGE',
	'NON_STICKY',
	'BELL_AFTER_ARM',
	'SLEEP_UNPUBLISHED',
	'EARLY_RELEASE',
	'PAD_NOT_COUNTED MAXLEN=2 CAP=4',
	'LIVENESS_LATE CRASH_P',
	'DRAIN_BOUNDED CRASH_P LIMIT=1',
	'CLOSE_UNSEEN CLOSE',
	'CLOSE_FLAG_FIRST CLOSE',
];

/** @typedef {import('./verify.mjs').Report} Report */
/** @typedef {{ errors: number, states: number, what: string | undefined }} Finding */

export async function verifyModel(/** @type {Report} */ report, /** @type {import('./verify.mjs').Options} */ { quick }) {
	await verifyPromela(report, { model: 'ring.pml', sound: quick ? SOUND.slice(0, QUICK_SOUND) : SOUND, mutations: MUTATIONS });
	for (const variant of quick ? [] : ENDING)
		await report.check(`ring.pml ends ${variant}`, () => mustHold(run('ring.pml', variant, ['-DNP'], ['-l'])));
}

/**
 * Runs a model of test/model as it stands, which must have no error at any size, and every mutation, which must have one.
 *
 * @param {Report} report
 * @param {{ model: string, sound: readonly string[], mutations: readonly string[], checkerFlags?: string[] }} options
 */
export async function verifyPromela(report, { model, sound, mutations, checkerFlags = [] }) {
	const missing = ['spin', 'gcc'].filter((tool) => spawnSync(tool, ['--version']).error);
	if (missing.length > 0) {
		report.fail('model', `${missing.join(' and ')} not found. Install with: apt-get update && apt-get install -y spin gcc`);
		return;
	}
	await checkMutationList(report, model, mutations);
	for (const variant of sound)
		await report.check(`${model} ${variant}`, () => mustHold(run(model, variant, ['-DSAFETY'], checkerFlags)));
	for (const variant of mutations)
		await report.check(`${model} catches ${variant}`, () => mustFail(run(model, variant, ['-DSAFETY'], checkerFlags)));
	rmSync(FOLDER, { recursive: true, force: true });
}

/** The model's header lists its mutations; each of them must be run. */
function checkMutationList(
	/** @type {Report} */ report,
	/** @type {string} */ model,
	/** @type {readonly string[]} */ mutations,
) {
	const header = readFileSync(path.join(MODELS, model), 'utf8').split('*/')[0]?.split('Mutations:')[1] ?? '';
	const listed = [...header.matchAll(/\b[A-Z]+_[A-Z_]+\b/g)].map(([name]) => name);
	const checked = mutations.map((variant) => variant.split(' ')[0]);
	return report.check(`${model} mutations listed`, () => {
		if (listed.length === 0 || listed.join() !== checked.join())
			throw new Error(`${model} lists ${listed.join()}, run are ${checked.join()}`);
		return `${checked.length}`;
	});
}

/**
 * Generates, compiles and runs the checker for one variant; returns what it found.
 *
 * @param {string} model
 * @param {string} variant
 * @param {string[]} compilerFlags
 * @param {string[]} checkerFlags
 * @returns {Finding}
 */
function run(model, variant, compilerFlags, checkerFlags) {
	rmSync(FOLDER, { recursive: true, force: true });
	mkdirSync(FOLDER, { recursive: true });
	/** @type {import('node:child_process').ExecFileSyncOptionsWithStringEncoding} */
	const options = { cwd: FOLDER, encoding: 'utf8', timeout: TIMEOUT, stdio: ['ignore', 'pipe', 'pipe'] };
	execFileSync('spin', ['-a', ...variant.split(' ').map((macro) => `-D${macro}`), path.join(MODELS, model)], options);
	execFileSync('gcc', ['-O1', '-w', '-DCOLLAPSE', ...compilerFlags, '-o', 'pan', 'pan.c'], options);
	const output = execFileSync('./pan', ['-m2000000', ...checkerFlags], { ...options, maxBuffer: 1 << 26 });
	const errors = Number(/errors: (\d+)/.exec(output)?.[1] ?? Number.NaN);
	const states = Number(/([\d.e+]+) states, stored/.exec(output)?.[1] ?? Number.NaN);
	if (!(states > 0) || Number.isNaN(errors) || /search depth too small|out of memory/.test(output)) {
		throw new Error(`the checker did not finish: ${output.slice(0, 500)}`);
	}
	return { errors, states, what: /pan:1: (.*?) \(at depth/.exec(output)?.[1] };
}

function mustHold(/** @type {Finding} */ { errors, states, what }) {
	if (errors > 0) throw new Error(what);
	return { text: `${states.toLocaleString('en')} states`, states };
}

function mustFail(/** @type {Finding} */ { errors, states, what }) {
	if (errors === 0) throw new Error(`not caught in ${states} states`);
	return { text: `caught: ${what}`, mutations: 1 };
}
