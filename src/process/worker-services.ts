import { Waiter } from '../internal/wait.ts';
import type { Frame } from './exchange.ts';
import type { Home, RootServices } from './home.ts';
import type { ObservedProcess } from './observed-process.ts';
import type { Process, ProcessTarget } from './process.ts';
import type { RemoteProcess } from './remote-process.ts';
import type { ResolvedSpawnOptions } from './spawn-options.ts';
import { spawnElsewhere } from './spawn-elsewhere.ts';
import { type Answer, OP, type Question } from './wire.ts';

/** What a worker asks of the root, by frames. A root that dies takes its workers along, so nobody waits for ever. */
export class WorkerServices implements RootServices {
	readonly #home: () => Home;
	readonly #onLeft: () => void;
	readonly #questions = new Map<number, Waiter<Process | undefined>>();
	#ids = 0;

	/** @param onLeft called when the root speaks for this home from now on */
	constructor(home: () => Home, onLeft: () => void) {
		this.#home = home;
		this.#onLeft = onLeft;
	}

	spawn(home: Home, target: ProcessTarget, options: ResolvedSpawnOptions): RemoteProcess {
		return spawnElsewhere(home, target, options, (order) => home.sendTo(0, OP.spawn, order));
	}

	register(process: ObservedProcess): void {
		this.#home().sendTo(0, OP.register, process);
	}

	whereis(name: string): Promise<Process | undefined> {
		const id = (this.#ids += 1);
		const waiter = new Waiter<Process | undefined>('whereis()');
		this.#questions.set(id, waiter);
		const question: Question = { id, name };
		this.#home().sendTo(0, OP.whereis, question);
		return waiter.promise;
	}

	kill(process: ObservedProcess): void {
		this.#home().sendTo(0, OP.kill, process);
	}

	take({ op }: Frame, read: () => unknown): void {
		if (op === OP.left) return this.#onLeft();
		if (op !== OP.found) return;
		const { id, process } = read() as Answer;
		this.#questions.get(id)?.resolve(process);
		this.#questions.delete(id);
	}
}
