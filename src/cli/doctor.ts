import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';

import { loadLibc } from '../internal/libc.ts';
import { type RemoteResource, WorkerResource } from '../resource/index.ts';
import type { Remote } from '../rpc/index.ts';
import type { TransportInfo } from '../transport/index.ts';
import { type Cores, describeCores } from './cores.ts';
import type * as worker from './doctor-worker.ts';
import type { Surroundings } from './surroundings.ts';
import { printable, timeText } from './words.ts';

/** What one test of a worker came to. */
export interface Trial {
	readonly backend: 'process' | 'thread';
	/** What was asked for; `auto` is what a program gets that asks for nothing. */
	readonly asked: 'auto' | 'pipe';
	readonly transport: TransportInfo | undefined;
	readonly startMs: number | undefined;
	/** Median of the time from a call to its result, in microseconds. */
	readonly callUs: number | undefined;
	/** Why it failed: the step, and the error. */
	readonly problem: string | undefined;
}

/** What a worker may run on here. */
interface Machine {
	readonly coproc: string;
	readonly node: string;
	readonly platform: string;
	readonly arch: string;
	readonly cores: Cores;
	readonly koffi: { readonly version: string } | { readonly missing: string };
}

/** What `coproc doctor` finds. */
export interface Findings extends Machine {
	readonly trials: readonly Trial[];
}

const BACKENDS = ['process', 'thread'] as const;
const START_TIMEOUT = 20_000;
const CALL_TIMEOUT = 5000;
const CALLS = 200;
const ITEMS = 100;
/** Something of most kinds, to see whether it comes back as it was. */
const SAMPLE = { text: 'a\u0000\u{1F600}', list: [1, -0, 2n ** 70n], bytes: new Uint8Array(100_000).fill(7), when: new Date(0) };

/** Looks at the machine and tries a worker of each kind. Prints what it finds as it finds it; returns the exit code: 1 when a test failed. */
export async function runDoctor(isJson: boolean, { stdout, signal }: Surroundings, version: string): Promise<number> {
	const machine: Machine = {
		coproc: version,
		node: process.versions.node,
		platform: process.platform,
		arch: process.arch,
		cores: describeCores(),
		koffi: findKoffi(),
	};
	const say = (...lines: string[]): void => void (isJson || stdout.write(`${lines.join('\n')}\n`));
	say(...machineLines(machine));
	const trials: Trial[] = [];
	for (const backend of BACKENDS) {
		const found = await tryWorker(backend, 'auto', signal);
		say(transportLine(found));
		trials.push(found);
	}
	say('', 'self-test: start, calls, a stream, close', ...trials.map(trialLine));
	for (const backend of BACKENDS) {
		const found = await tryWorker(backend, 'pipe', signal);
		say(trialLine(found));
		trials.push(found);
	}
	const findings: Findings = { ...machine, trials };
	if (isJson) stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`);
	return trials.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

function machineLines({ coproc, node, platform, arch, cores, koffi }: Machine): string[] {
	return [
		`coproc     ${coproc}`,
		`Node.js    ${node} on ${platform} ${arch}`,
		`cores      ${coresText(cores)}`,
		`koffi      ${'version' in koffi ? koffi.version : `not used: ${koffi.missing}`}`,
	];
}

function transportLine({ backend, transport }: Trial): string {
	const label = backend === 'process' ? 'processes' : 'threads  ';
	return `${label}  ${transport ? `${transport.kind}: ${transport.reason}` : 'do not work here, see below'}`;
}

function coresText({ usable, machine, affinity, quota }: Cores): string {
	const facts = [
		`the machine has ${machine}`,
		affinity === undefined ? '' : `this process may run on ${affinity}`,
		quota === undefined ? 'no limit by a control group' : `its control group allows ${Number(quota.toFixed(2))}`,
	];
	return `${usable} usable (${facts.filter(Boolean).join('; ')})`;
}

function trialLine({ backend, asked, transport, startMs, callUs, problem }: Trial): string {
	const name = `${backend}${asked === 'pipe' ? ', fallback' : ''}`.padEnd(17);
	if (problem !== undefined) return `  FAIL  ${name} ${problem}`;
	return `  ok    ${name} ${transport?.kind.padEnd(4)}  started in ${timeText(startMs ?? 0)}, a call takes ${Math.round(callUs ?? 0)} us`;
}

async function tryWorker(backend: Trial['backend'], asked: Trial['asked'], signal: AbortSignal): Promise<Trial> {
	let step = 'start';
	let resource: RemoteResource<Remote<typeof worker>> | undefined;
	let found: Partial<Trial> = {};
	try {
		const begun = performance.now();
		const url = new URL(import.meta.resolve('#doctor-worker'));
		resource = await WorkerResource.import<typeof worker>(url, {
			backend,
			transport: asked,
			startTimeout: START_TIMEOUT,
			signal,
		});
		found = { startMs: performance.now() - begun, transport: resource.transport };
		step = 'calls';
		found = { ...found, callUs: await tryCalls(resource.call) };
		step = 'stream';
		await tryStream(resource.call);
		step = 'close';
		await resource[Symbol.asyncDispose]();
		const { exitCode, signal: endedBy } = await resource.exited;
		if (exitCode !== 0) throw new Error(`it ended with ${endedBy ?? `exit code ${exitCode}`} instead of 0`);
		return trial(backend, asked, found);
	} catch (error) {
		await resource?.[Symbol.asyncDispose]().catch(() => {});
		signal.throwIfAborted();
		return trial(backend, asked, { ...found, problem: `${step}: ${problemOf(error)}` });
	}
}

/** In one line, with what lies behind it. */
function problemOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
	return printable((error.message + cause).replace(/\s*\n\s*/g, ' '));
}

function trial(backend: Trial['backend'], asked: Trial['asked'], found: Partial<Trial>): Trial {
	const { transport, startMs, callUs, problem } = found;
	return { backend, asked, transport, startMs, callUs, problem };
}

async function tryCalls(call: Remote<typeof worker>): Promise<number> {
	const back = await call.echo.with({ timeout: CALL_TIMEOUT })(SAMPLE);
	if (!isDeepStrictEqual(back, SAMPLE)) throw new Error('a value did not come back as it was');
	const times: number[] = [];
	for (let number = 0; number < CALLS; number += 1) {
		const begun = performance.now();
		if ((await call.echo.with({ timeout: CALL_TIMEOUT })(number)) !== number) throw new Error('a call got the answer of another');
		times.push(performance.now() - begun);
	}
	return (times.sort((a, b) => a - b)[CALLS / 2] as number) * 1000;
}

/** Takes some items of a stream that has no end, and closes it. */
async function tryStream(call: Remote<typeof worker>): Promise<void> {
	let expected = 0;
	for await (const number of call.count.with({ timeout: CALL_TIMEOUT })()) {
		if (number !== expected) throw new Error(`item ${number} came where ${expected} was due`);
		expected += 1;
		if (expected === ITEMS) break;
	}
	if (expected !== ITEMS) throw new Error(`it ended after ${expected} items`);
}

function findKoffi(): Machine['koffi'] {
	const { libc, reason } = loadLibc();
	if (!libc) return { missing: reason };
	const { version } = createRequire(import.meta.url)('koffi') as { readonly version?: string };
	return { version: version ?? 'of unknown version' };
}
