/*
 * How does a coproc process answer, and how does it play with another one, in whatever kind of worker it lives?
 */
import { Process } from '../../dist/process/index.js';

import { Answers } from './functions.mjs';

/** @param {Process} self @param {Process} host */
export function answers(self, host) {
	const answered = new Answers();
	/** @type {((n: number) => void) | undefined} */
	let onBall;
	self.receive(['post', Number], (_, n) => answered.take(n));
	self.receive(['call', Number, Object], (_, id, data) => void host.send('answer', id, answered.answer(data)));
	self.receive(['posted', Number], (_, id) => void host.send('answer', id, answered.answer('posted')));
	self.receive(
		['ball', Number, Process],
		(_, n, from) => void (onBall && from.equals(partner) ? onBall(n) : from.send('ball', n + 2, self)),
	);
	let partner;
	self.receive(['play', Number, Process, Number], (_, id, other, ms) => {
		partner = other;
		let rounds = 0;
		const begin = performance.now();
		onBall = (n) => {
			if (n !== rounds + 2) throw new Error(`wrong answer: ${n} to ${rounds}`);
			rounds += 1;
			const elapsed = performance.now() - begin;
			if (elapsed < ms) other.send('ball', rounds, self);
			else host.send('answer', id, { rounds, elapsed });
		};
		other.send('ball', rounds, self);
	});
}
