/*
 * The actors of the inventory and their messages: a module of its own, which workers can load.
 */
import { Actor, OtherMessage } from 'coproc/actor';

/** Asks for the inventory, once it holds `count` items. */
export class GetInventory {
	constructor(count) {
		this.count = count;
	}
}

/** Something to work at, and who gets the result. */
export class Task {
	constructor(input, destination) {
		this.input = input;
		this.destination = destination;
	}
}

/** What workers can do. A function cannot be sent to another thread or process, but its name can. */
const skills = { double: (x) => x * 2 };

export class Worker extends Actor {
	constructor(skill) {
		super();
		this.skill = skills[skill];
	}
}

Worker.handles.add(Task, function (task) {
	task.destination.send(this.skill(task.input), this);
});

export class Warehouse extends Actor {
	inventory = [];
	questions = [];

	/** Answers the questions that can be answered. Whoever asked is known: it came with the question. */
	answer() {
		this.questions = this.questions.filter(({ count, sender }) => {
			if (this.inventory.length < count) return true;
			sender.send([...this.inventory], this);
			return false;
		});
	}
}

Warehouse.handles.add(GetInventory, function ({ count }, sender) {
	this.questions.push({ count, sender });
	this.answer();
});

Warehouse.handles.add(OtherMessage, function (result) {
	this.inventory.push(result);
	this.answer();
});
