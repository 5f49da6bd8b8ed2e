import type { WorkerContact } from '../../messenger/index.ts';
import type { Post } from '../post.ts';
import { Broker } from './broker.ts';
import * as wire from './wire.ts';

/** Gets ready to be the broker of a worker; it becomes that with the first thing that the worker asks for. */
export function serveWorker(worker: WorkerContact, post: () => Post): void {
	const { link } = worker;
	let broker: Broker | undefined;
	const get = (): Broker => (broker ??= new Broker(post(), worker));
	link.on(wire.KIND_SEND, (_w1, _w2, codec, bytes) => get().onSend(codec, bytes));
	link.on(wire.KIND_GIVE_UP, (_w1, id, isLastLook) => get().onGiveUp(id, isLastLook === 1));
	link.on(wire.KIND_WAIT, (w1, id, _w3, bytes) => get().onWait(id, link.decode(w1, bytes, bytes.start) as wire.WireWait));
	link.on(wire.KIND_CHANGE, (w1, id, _w3, bytes) => get().onChange(id, link.decode(w1, bytes, bytes.start) as wire.WireChange));
}
