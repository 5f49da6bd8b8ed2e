/*
 * How is an actor asked? `bridge.call()`, with a message that has a class.
 */
import { Bridge } from '../../dist/actor/index.js';
import { Add, Adder } from '../workers/actors.mjs';

/** No call of a bench takes so long, in milliseconds. */
const TIMEOUT = 60_000;

/** @param {{ kind: import('../../dist/process/index.js').Kind }} variant */
export function create({ kind }) {
	const bridge = new Bridge();
	/** @type {import('../../dist/actor/index.js').ActorHandle | undefined} */
	let actor;
	return {
		async start() {
			actor = Adder.spawnOn(kind);
		},
		call: (n) => bridge.call(actor, new Add(n, 2), TIMEOUT),
		async close() {
			if (actor) await bridge.stop([actor], TIMEOUT);
		},
	};
}
