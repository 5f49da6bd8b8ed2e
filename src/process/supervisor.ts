import { Exit, InvalidArgumentError, OptionError, RestartLimitError, UnhandledChildExit } from '../errors/index.ts';
import { here } from './here.ts';
import { Process, type ProcessTarget, type SpawnOptions } from './process.ts';
import { decide, type Intensity, type Restart, type Situation, stopOrder, type Strategy } from './supervision.ts';

/** A child of a supervisor. */
export interface ChildSpec {
	/** What `spawn()` starts. */
	target: ProcessTarget<readonly never[]> | ProcessTarget;
	/** How; a name is kept through restarts. */
	options?: SpawnOptions;
	/** Whether it is started again: always (`'permanent'`, default), after an error only (`'transient'`), never (`'temporary'`). */
	restart?: Restart;
	/** Milliseconds that it may take to end when it is asked to; then it is ended by force. 5000. */
	shutdown?: number;
}

/** What a supervisor is made of. */
export interface SupervisorSpec {
	/** Which children are restarted when one ends; `'oneForOne'`. */
	strategy?: Strategy;
	/** In the order in which they are started; they are stopped in the reverse order. */
	children: readonly ChildSpec[];
	/** More than `max` restarts `within` so many milliseconds, and the supervisor gives up; 3 in 5000. */
	intensity?: Intensity;
	/** Names the supervisor. */
	name?: string;
	/** Processes that the supervisor is linked to: they are told when it gives up. */
	linkTo?: Process | readonly Process[];
}

/** A place of a supervisor for a child: the child changes with every restart. */
interface Place {
	readonly label: string;
	readonly child: ChildSpec;
	readonly restart: Restart;
	/** Undefined when it has ended and is not to be started again. */
	process: Process | undefined;
}

const STRATEGIES: readonly unknown[] = ['oneForOne', 'oneForAll', 'restForOne'];
const RESTARTS: readonly unknown[] = ['permanent', 'transient', 'temporary'];
const DEFAULT_INTENSITY: Intensity = { max: 3, within: 5000 };
const DEFAULT_SHUTDOWN = 5000;

/**
 * Processes that start others, their children, and start them again when they end. After Erlang's supervisor.
 *
 * A supervisor is linked to its children: if it is ended by force, they end with it. Asked to end, it asks them one by one, the last
 * first.
 */
export const Supervisor = { start, of: supervisorTarget };

/**
 * Starts a supervisor in this thread, and its children wherever their options say. Resolves to its process once all children are
 * spawned. It ends with RestartLimitError when they fail too often, after it has stopped all of them.
 *
 * @throws OptionError, InvalidArgumentError
 */
async function start(spec: SupervisorSpec): Promise<Process> {
	const target = supervisorTarget(spec);
	const { name, linkTo } = spec;
	return new Promise((resolve, reject) => {
		const started = (supervisor: Process): void => {
			try {
				target(supervisor);
			} catch (error) {
				reject(error);
				throw error;
			}
			resolve(supervisor);
		};
		here().spawn(started, { ...(name !== undefined && { name }), ...(linkTo && { linkTo }) }, undefined);
	});
}

/**
 * Makes a target that turns the process which runs it into a supervisor, so that supervisors can be children of supervisors. Such a
 * process runs in the thread of its parent.
 *
 * @throws OptionError, InvalidArgumentError
 */
function supervisorTarget(spec: SupervisorSpec): (supervisor: Process) => void {
	check(spec);
	return (supervisor) => new Supervision(supervisor, spec).begin();
}

/** One supervisor at work. */
class Supervision {
	readonly #supervisor: Process;
	readonly #places: readonly Place[];
	readonly #strategy: Strategy;
	readonly #intensity: Intensity;
	#restarts: readonly number[] = [];

	constructor(supervisor: Process, { children, strategy = 'oneForOne', intensity = DEFAULT_INTENSITY }: SupervisorSpec) {
		this.#supervisor = supervisor;
		this.#strategy = strategy;
		this.#intensity = intensity;
		this.#places = children.map((child, index) => ({
			label: child.options?.name ?? `${supervisor.name}/${index}`,
			child,
			restart: child.restart ?? 'permanent',
			process: undefined,
		}));
	}

	begin(): void {
		this.#supervisor.receive([Exit, Process], (exit, from) => this.#ended(exit, from));
		this.#supervisor.receive([Exit], () => this.#stopAll());
		for (const place of this.#places) this.#startChild(place);
	}

	async #ended(exit: Exit, from: Process): Promise<void> {
		const index = this.#places.findIndex(({ process }) => process?.equals(from));
		if (index >= 0) return this.#childEnded(index, exit.error);
		// Somebody else that this supervisor is linked to: its own supervisor, for one.
		await this.#stopAll();
		throw new Exit(new UnhandledChildExit(this.#supervisor.name, from, exit.error));
	}

	async #childEnded(index: number, error: unknown): Promise<void> {
		const place = this.#places[index] as Place;
		place.process = undefined;
		const decision = decide(this.#situation(index, error));
		if (decision.type === 'leave') return;
		if (decision.type === 'giveUp') {
			await this.#stopAll();
			const { max, within } = this.#intensity;
			throw new Exit(new RestartLimitError({ supervisor: this.#supervisor.name, child: place.label, max, within, error }));
		}
		this.#restarts = decision.restarts;
		for (const each of decision.stop) await this.#stopChild(this.#places[each] as Place);
		for (const each of decision.start) this.#startChild(this.#places[each] as Place);
	}

	#situation(ended: number, error: unknown): Situation {
		return {
			strategy: this.#strategy,
			// One whose end has not been looked at yet counts as running: it is started again with the others.
			children: this.#places.map(({ restart, process }) => ({ restart, isRunning: process !== undefined })),
			ended,
			isNormal: error === undefined,
			intensity: this.#intensity,
			restarts: this.#restarts,
			now: performance.now(),
		};
	}

	#startChild(place: Place): void {
		const { target, options } = place.child;
		place.process = this.#supervisor.spawnLink(target as ProcessTarget<readonly unknown[]>, { name: place.label, ...options });
	}

	async #stopAll(): Promise<void> {
		const children = this.#places.map(({ restart, process }) => ({ restart, isRunning: process !== undefined }));
		for (const index of stopOrder({ children }, 0)) await this.#stopChild(this.#places[index] as Place);
	}

	/** Asks a child to end, and sees to it. The link lasts until then, so that it cannot outlive this supervisor. */
	async #stopChild(place: Place): Promise<void> {
		const { process, child } = place;
		if (!process) return;
		process.terminate();
		if (!(await process.wait({ timeout: child.shutdown ?? DEFAULT_SHUTDOWN }))) {
			const home = here();
			const name = place.label;
			home.endByForce(process, new Exit(`"${name}" did not end within its shutdown time`).error);
			if (process.kind !== 'local') home.services.kill(home.resolve(process));
			await process.wait();
		}
		this.#supervisor.unlink(process);
		place.process = undefined;
	}
}

function check({ strategy, children, intensity }: SupervisorSpec): void {
	if (strategy !== undefined && !STRATEGIES.includes(strategy)) refuse('strategy', `must be one of ${STRATEGIES.join(', ')}`);
	if (!Array.isArray(children)) refuse('children', 'must be an array');
	if (intensity !== undefined && !(intensity.max >= 0 && intensity.within > 0))
		refuse('intensity', 'must be { max, within }: a number of restarts, 0 or more, and milliseconds');
	for (const child of children) {
		if (typeof child !== 'object' || child === null)
			throw new InvalidArgumentError('supervisor was refused: a child must be an object');
		if (child.restart !== undefined && !RESTARTS.includes(child.restart))
			refuse('restart', `must be one of ${RESTARTS.join(', ')}`);
		if (child.shutdown !== undefined && !(child.shutdown >= 0)) refuse('shutdown', 'must be a number of milliseconds, 0 or more');
	}
}

function refuse(option: string, problem: string): never {
	throw new OptionError({ subject: 'supervisor', option, problem });
}
