/*
 * What the compiler infers for actors. Nothing here runs: `npm run types` is the test.
 */
import {
	Actor,
	type ActorHandle,
	type Bridge,
	handles,
	OtherMessage,
	type ReplyTo,
	Request,
	type Sender,
	Stop,
	type Stopped,
} from 'coproc/actor';
import { expectTypeOf } from 'vitest';

class Task {
	readonly input = 1;
}
class GetNames extends Request<string[]> {
	readonly prefix = '';
}

class Worker extends Actor {
	readonly skill: (n: number) => number;

	constructor(skill: (n: number) => number, name = '') {
		super();
		this.skill = (n) => skill(n) + name.length;
	}

	@handles(Task)
	onTask(task: Task, sender: Sender | null): void {
		sender?.send(this.skill(task.input), this);
	}

	@handles(GetNames)
	async onGetNames({ prefix }: GetNames, sender: Sender<string[]> | null): Promise<void> {
		sender?.send([prefix], this);
	}

	@handles(String)
	onText(text: string): void {
		expectTypeOf(text).toEqualTypeOf<string>();
	}

	@handles(OtherMessage)
	onOther(message: unknown): void {
		expectTypeOf(message).toEqualTypeOf<unknown>();
	}

	// @ts-expect-error a Task is no number
	@handles(Task)
	onNumber(n: number): void {
		expectTypeOf(n).toEqualTypeOf<number>();
	}

	// @ts-expect-error there may be no sender
	@handles(Task)
	onTaskOf(task: Task, sender: Sender): void {
		sender.send(task);
	}

	protected override async act(): Promise<void> {
		const [message, sender] = await this.receive({ timeout: 1 });
		expectTypeOf(message).toEqualTypeOf<unknown>();
		expectTypeOf(sender).toEqualTypeOf<Sender | null>();
	}
}

/** Arguments are those of the constructor. */
export function infersTheActor(): void {
	expectTypeOf(Worker.spawn((n) => n + 1)).toEqualTypeOf<Worker>();
	expectTypeOf(Worker.spawnOn('local', (n) => n + 1, 'name')).toEqualTypeOf<ActorHandle>();
	Worker.spawnOn({ kind: 'thread', module: import.meta.url, name: 'x' }, (n) => n);
	// @ts-expect-error a text where a function goes
	Worker.spawn('double');
	// @ts-expect-error the function is missing
	Worker.spawnOn('process');
	// @ts-expect-error no such kind
	Worker.spawnOn('fibre', (n) => n);
	// @ts-expect-error no such option
	Worker.spawnOn({ kind: 'local', modul: '' }, (n) => n);
}

/** The message of a handler is that of its class, and its sender takes the reply. */
export function infersTheMessage(): void {
	Worker.handles
		.add(Task, (task) => expectTypeOf(task).toEqualTypeOf<Task>())
		.add(GetNames, (message, sender) => {
			expectTypeOf(message).toEqualTypeOf<GetNames>();
			expectTypeOf(sender).toEqualTypeOf<Sender<string[]> | null>();
			sender?.send(['a'], null);
			// @ts-expect-error the reply is an array
			sender?.send('a', null);
		})
		.add(Number, (n) => expectTypeOf(n).toEqualTypeOf<number>())
		.add(BigInt, (n) => expectTypeOf(n).toEqualTypeOf<bigint>())
		.add(Error, (error, sender) => {
			expectTypeOf(error).toEqualTypeOf<Error>();
			expectTypeOf(sender).toEqualTypeOf<Sender | null>();
		})
		.add(OtherMessage, (message) => expectTypeOf(message).toEqualTypeOf<unknown>())
		.add(Task, function (this: Worker, task, sender) {
			sender?.send(this.skill(task.input), this);
		});
	// @ts-expect-error a text is no type of messages
	Worker.handles.add('Task', () => {});
	class Mixed extends Worker {
		static override handles = Worker.makeHandles<Mixed>(class {});
	}
	Mixed.handles.add(Task, function (task) {
		expectTypeOf(this).toEqualTypeOf<Mixed>();
		expectTypeOf(task).toEqualTypeOf<Task>();
	});
}

/** Replies are what the request says, or the default. */
export async function infersReplies(actor: ActorHandle, bridge: Bridge): Promise<void> {
	expectTypeOf(await bridge.call(actor, new GetNames(), 1)).toEqualTypeOf<string[] | undefined>();
	expectTypeOf(await bridge.call(actor, new GetNames(), 1, null)).toEqualTypeOf<string[] | null>();
	expectTypeOf(await bridge.call(actor, new Task(), 1)).toEqualTypeOf<unknown>();
	expectTypeOf(await bridge.call(actor, new Stop(), 1)).toEqualTypeOf<Stopped | undefined>();
	expectTypeOf(await bridge.stop([actor], 1)).toEqualTypeOf<(Stopped | undefined)[]>();
	for await (const names of bridge.multiCall([[actor, new GetNames()]], 1, null))
		expectTypeOf(names).toEqualTypeOf<string[] | null>();
	expectTypeOf(bridge.receiveResponse(1)).toEqualTypeOf<Promise<unknown>>();
	expectTypeOf<ReplyTo<GetNames>>().toEqualTypeOf<string[]>();
	expectTypeOf<ReplyTo<string>>().toEqualTypeOf<unknown>();
	// @ts-expect-error an object that nothing can be sent to
	void bridge.call({}, new Task(), 1);
}
