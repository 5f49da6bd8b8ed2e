import { Exit } from '../errors/index.ts';
import { here, type Process, RemoteProcess } from '../process/index.ts';
import { type ActorHandle, checkSender, type Sender } from './sender.ts';

/** The handle of an actor in another worker, or of one that has ended. There is one in each thread for each actor. */
export class ActorRef implements ActorHandle {
	readonly process: Process;

	constructor(process: Process) {
		this.process = process;
	}

	send(message: unknown, sender?: Sender | null): boolean {
		if (message instanceof Exit) return this.process.terminate(message);
		const delivery = [message, checkSender(sender)] as const;
		return this.process instanceof RemoteProcess ? here().sendStrictly(this.process, delivery) : this.process.send(...delivery);
	}

	equals(other: unknown): boolean {
		return other instanceof Object && 'process' in other && this.process.equals(other.process);
	}
}

const refs = new WeakMap<Process, ActorRef>();

/** The handle of the actor that a process is. */
export function refOf(process: Process): ActorRef {
	let ref = refs.get(process);
	if (!ref) refs.set(process, (ref = new ActorRef(process)));
	return ref;
}
