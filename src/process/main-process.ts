import { NotMainProcessError } from '../errors/index.ts';
import type { WaitOptions } from '../internal/wait.ts';
import { here, isRoot } from './here.ts';
import type { LocalProcess } from './local-process.ts';
import type { MatchedMessage, Pattern } from './pattern.ts';
import { Process, type ProcessCard, type ProcessTarget, type SpawnOptions } from './process.ts';

/** The process that stands for the program itself: a face of the one that is current, for it may end and begin anew. */
class MainProcess extends Process {
	#current: LocalProcess | undefined;

	override get name(): string {
		return 'main';
	}

	override get kind(): 'local' {
		return 'local';
	}

	override get pid(): number {
		return process.pid;
	}

	override get isAlive(): boolean {
		return this.#last('main.isAlive').isAlive;
	}

	override get error(): unknown {
		return this.#last('main.error').error;
	}

	override get card(): ProcessCard {
		return this.#last('sending main').card;
	}

	override send(...message: unknown[]): boolean {
		return this.#use('main.send()').send(...message);
	}

	override terminate(error?: unknown): boolean {
		return this.#last('main.terminate()').terminate(error);
	}

	override async wait(options?: WaitOptions): Promise<boolean> {
		return this.#last('main.wait()').wait(options);
	}

	override receive<const P extends Pattern>(pattern: P, handler: (...message: MatchedMessage<P>) => unknown): this {
		this.#use('main.receive()').receive(pattern, handler);
		return this;
	}

	override async next<const P extends Pattern>(pattern: P, options?: WaitOptions): Promise<MatchedMessage<P>> {
		return this.#use('main.next()').next(pattern, options);
	}

	override link(other: Process): void {
		this.#use('main.link()').link(other);
	}

	override unlink(other: Process): void {
		this.#last('main.unlink()').unlink(other);
	}

	override monitor(other: Process): void {
		this.#use('main.monitor()').monitor(other);
	}

	override spawn<A extends readonly unknown[]>(target: ProcessTarget<A>, options?: SpawnOptions<A>): Process {
		return this.#use('main.spawn()').spawn(target, options);
	}

	override spawnLink<A extends readonly unknown[]>(target: ProcessTarget<A>, options?: SpawnOptions<A>): Process {
		return this.#use('main.spawnLink()').spawnLink(target, options);
	}

	/** The current main, ended or not. */
	#last(what: string): LocalProcess {
		if (!isRoot()) throw new NotMainProcessError(what);
		return (this.#current ??= open());
	}

	/** The current main, or a fresh one when it has ended. */
	#use(what: string): LocalProcess {
		if (this.#last(what).isAlive) return this.#last(what);
		return (this.#current = open());
	}
}

function open(): LocalProcess {
	return here().open(undefined, { name: 'main', kind: 'local', unhandled: 'exit', ignoresNormalExits: false });
}

/**
 * The process of the program itself, from paragram's main. It exists from its first use on; without handlers it keeps messages for
 * `next()`. Its end never ends the program: `main.wait()` and `main.error` tell it, and the next use of anything else starts a fresh one,
 * without handlers or links.
 *
 * @throws NotMainProcessError from every use in a worker
 */
export const main: Process = new MainProcess();
