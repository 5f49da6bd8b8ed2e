/*
 * What does one subject do when it is alone? The program of a host process: it holds one subject and does what it is told.
 *
 * It ends with the bench, however that ends: its channel closes, it closes the subject and exits.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { createSubject } from '../subjects/list.mjs';
import { checkReply } from './check-reply.mjs';

/** How long a subject may take to close when nobody is there to wait for it, in milliseconds. */
const CLOSE_LIMIT = 2000;

const [, , name = ''] = process.argv;
const collectGarbage = exposeGc();
/** @type {import('../subjects/list.mjs').Subject | undefined} */
let subject;

const operations = {
	async start() {
		subject = await createSubject(name);
		await subject.start();
		await measured(async () => subject.call && checkReply(1, await subject.call(1)));
	},

	/** Measures one slice of a question. */
	async measure({ question, ms }) {
		const { measure } = (await import(`../questions/${question}.mjs`)).question;
		collectGarbage();
		return measured(() => measure(subject, { ms }));
	},

	/** Times from nothing to the first reply: the first time in this process, then `repeat` times again. */
	async startToReply({ repeat }) {
		const begin = performance.now();
		const first = await createSubject(name);
		const load = performance.now() - begin;
		const cold = await timeStart(first);
		const warm = [];
		for (let round = 0; round < repeat; round += 1) warm.push(await timeStart(await createSubject(name)));
		return { load, cold, warm };
	},

	async close() {
		const closing = subject;
		subject = undefined;
		await closing?.close();
	},
};

/** Runs `work` with a subject that is awake. */
async function measured(work) {
	await subject.begin?.();
	try {
		return await work();
	} finally {
		await subject.end?.();
	}
}

async function timeStart(created) {
	const begin = performance.now();
	await created.start();
	const reply = await created.call(1);
	const elapsed = performance.now() - begin;
	checkReply(1, reply);
	await created.close();
	return elapsed;
}

function tell(answer) {
	if (process.connected) process.send(answer);
}

/** Not a flag of the command line: workers would get it too, and not every way to start one takes it. */
function exposeGc() {
	setFlagsFromString('--expose-gc');
	return runInNewContext('gc');
}

process.on('message', ({ id, operation, options }) => {
	operations[operation](options).then(
		(value) => tell({ id, value }),
		(error) => tell({ id, error: error?.stack ?? String(error) }),
	);
});
process.on('disconnect', () => {
	setTimeout(() => process.exit(1), CLOSE_LIMIT).unref();
	operations.close().then(
		() => process.exit(0),
		() => process.exit(1),
	);
});
// Ctrl-C reaches the whole group; the bench ends its hosts in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
