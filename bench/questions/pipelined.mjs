/*
 * How many calls a second does one worker answer when 1,000 are always outstanding?
 */
import { checkReply } from '../harness/check-reply.mjs';
import { takeTurns } from '../harness/take-turns.mjs';
import { question as roundTrip } from './round-trip.mjs';

const OUTSTANDING = 1000;

export const question = {
	name: 'pipelined',
	title: `Calls to one worker with ${OUTSTANDING.toLocaleString('en')} outstanding, thousands a second`,
	subjects: roundTrip.subjects.filter((name) => !name.startsWith('spin')),
	columns: [{ key: 'rate', head: 'k/s' }],
	main: 'rate',
	baselines: ['postMessage', 'fork json', 'piscina'],
	collect: takeTurns,
	measure,
};

/** Every answer brings the next call; the rate is that of the answers. */
function measure(subject, { ms }) {
	return new Promise((resolve, reject) => {
		const begin = performance.now();
		let sent = 0;
		let open = 0;
		let done = 0;
		/** @type {number | undefined} */
		let rate;
		const call = () => {
			const n = sent;
			sent += 1;
			open += 1;
			subject
				.call(n)
				.then((reply) => {
					checkReply(n, reply);
					open -= 1;
					done += 1;
					if (rate === undefined) {
						const elapsed = performance.now() - begin;
						if (elapsed >= ms) rate = done / elapsed;
						else call();
					}
					// The next slice begins with nothing outstanding.
					if (rate !== undefined && open === 0) resolve({ rate, calls: done });
				})
				.catch(reject);
		};
		for (let i = 0; i < OUTSTANDING; i += 1) call();
	});
}
