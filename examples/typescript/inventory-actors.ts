/*
 * The actors of the inventory, in TypeScript: standard decorators say which method takes which message.
 */
import { Actor, handles, OtherMessage, Request, type Sender } from 'coproc/actor';

/** Asks for the inventory, once it holds `count` items: its reply is an array of numbers. */
export class GetInventory extends Request<number[]> {
	readonly count: number;

	constructor(count: number) {
		super();
		this.count = count;
	}
}

/** Something to work at, and who gets the result. */
export class Task {
	readonly input: number;
	readonly destination: Sender<number>;

	constructor(input: number, destination: Sender<number>) {
		this.input = input;
		this.destination = destination;
	}
}

export class Worker extends Actor {
	static override module = import.meta.url;
	readonly #factor: number;

	constructor(factor: number) {
		super();
		this.#factor = factor;
	}

	@handles(Task)
	onTask(task: Task): void {
		task.destination.send(task.input * this.#factor, this);
	}
}

export class Warehouse extends Actor {
	static override module = import.meta.url;
	readonly #inventory: unknown[] = [];
	#questions: { readonly count: number; readonly sender: Sender }[] = [];

	@handles(GetInventory)
	onGetInventory({ count }: GetInventory, sender: Sender | null): void {
		if (sender) this.#questions.push({ count, sender });
		this.#answer();
	}

	@handles(OtherMessage)
	onTaskResult(result: unknown): void {
		this.#inventory.push(result);
		this.#answer();
	}

	#answer(): void {
		this.#questions = this.#questions.filter(({ count, sender }) => {
			if (this.#inventory.length < count) return true;
			sender.send([...this.#inventory], this);
			return false;
		});
	}
}
