/*
 * What the compiler infers for a WorkerResource. Nothing here runs: `npm run types` is the test.
 */
import { BaseWorkerProcess, MultiMessenger, PriorityMessenger, WorkerResource } from 'coproc';
import { expectTypeOf } from 'vitest';

/** The messenger of an unannotated function is the one that the options ask for, or the default. */
export async function infersTheMessenger(): Promise<void> {
	await using byDefault = await WorkerResource.start(async (messenger) => {
		expectTypeOf(messenger).toEqualTypeOf<PriorityMessenger>();
		for await (const text of messenger) messenger.sendReply(String(text).length);
	});
	expectTypeOf(byDefault.messenger).toEqualTypeOf<PriorityMessenger>();

	await using chosen = await WorkerResource.start((messenger) => messenger.sendNorequest(1), { messenger: MultiMessenger });
	expectTypeOf(chosen.messenger).toEqualTypeOf<MultiMessenger>();

	const module = new WorkerResource(new URL('file:///worker.js'), { messenger: MultiMessenger });
	expectTypeOf(module.messenger).toEqualTypeOf<MultiMessenger>();
}

/** The arguments of `start()` are those of the target after its messenger; those of a module may be anything. */
export async function infersTheArguments(): Promise<void> {
	const add = (messenger: MultiMessenger, a: number, b: string): void => void messenger.sendNorequest(a + b);
	const resource = new WorkerResource(add);
	await resource.start(1, 'b');
	// @ts-expect-error a string where the target takes a number
	await resource.start('a', 'b');
	// @ts-expect-error too few
	await resource.start(1);
	await WorkerResource.start(add, {}, 1, 'b');
	// @ts-expect-error too few, and no options
	await WorkerResource.start(add);
	// @ts-expect-error too many
	await WorkerResource.start(add, {}, 1, 'b', 2);

	const inPlace = new WorkerResource((messenger, n: number) => messenger.sendNorequest(n));
	await inPlace.start(1);
	// @ts-expect-error a string where the target takes a number
	await inPlace.start('1');

	await new WorkerResource('./worker.js').start(1, 'anything', []);
}

class Echo extends BaseWorkerProcess {
	readonly times: number;

	constructor(messenger: PriorityMessenger, times: number) {
		super(messenger);
		this.times = times;
	}

	run(): void {
		this.messenger.sendNorequest(this.times);
	}
}

/** A class is constructed with the messenger and the arguments of `start()`. */
export async function infersTheArgumentsOfAClass(): Promise<void> {
	await WorkerResource.start(Echo, { backend: 'thread' }, 2);
	// @ts-expect-error a string where the constructor takes a number
	await WorkerResource.start(Echo, { backend: 'thread' }, '2');
	// @ts-expect-error a class without run()
	await WorkerResource.start(Map);
}

/** Resources of different targets go into one list. */
export function isAWorkerResource(): WorkerResource[] {
	return [
		new WorkerResource(Echo),
		new WorkerResource(() => {}, { messenger: MultiMessenger }),
		new WorkerResource('./worker.js'),
	];
}

/** Both ends of a pair are of the class that made it. */
export async function infersPairs(): Promise<void> {
	const [left, right] = PriorityMessenger.pair({ ringBytes: 4096 });
	expectTypeOf(left).toEqualTypeOf<PriorityMessenger>();
	await WorkerResource.start(
		(messenger, end: PriorityMessenger) => end.sendNorequest(messenger.available()),
		{ backend: 'thread' },
		right,
	);
}
