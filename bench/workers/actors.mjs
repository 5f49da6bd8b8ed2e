/*
 * An actor that adds.
 */
import { Actor } from '../../dist/actor/index.js';

/** Answered with the sum. */
export class Add {
	constructor(a, b) {
		this.a = a;
		this.b = b;
	}
}

export class Adder extends Actor {
	static module = import.meta.url;
}

Adder.handles.add(Add, function ({ a, b }, sender) {
	sender.send(a + b, this);
});
