/*
 * Actors in a module of their own, which worker threads and processes can load.
 */
import { Actor, type Sender } from 'coproc/actor';

/** A request to double a number. */
export class Double {
	readonly value: number;

	constructor(value: number) {
		this.value = value;
	}
}

/** Doubles numbers and says where it does so. */
export class Doubler extends Actor {
	/** What it has answered so far. */
	answered = 0;
}

Doubler.handles.add(Double, function (this: Doubler, { value }: Double, sender: Sender | null) {
	this.answered += 1;
	sender?.send([value * 2, `answer ${this.answered}`], this);
});
