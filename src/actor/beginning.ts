import { InvalidArgumentError } from '../errors/index.ts';
import { here, type LocalProcess } from '../process/index.ts';
import { type ActorFacts, ActorLife } from './actor-life.ts';
import type { HandlingClass } from './handler-table.ts';
import { type ActorSpawnOptions, resolveActorOptions } from './spawn-options.ts';

/** A class of actors, with the arguments of its constructor. */
export type ActorClass<A extends readonly unknown[] = never[], T extends object = object> = new (...args: A) => T;

/** What an actor that is being constructed is to become. */
interface Beginning {
	readonly type: HandlingClass;
	readonly process: LocalProcess;
	life: ActorLife | undefined;
}

let current: Beginning | undefined;
let count = 0;
const actors = new WeakMap<object, object>();

/** The life of an actor that is being constructed by `spawn()`; undefined for one that was made with `new`. */
export function beginning(actor: object, type: HandlingClass, ownAct: ActorFacts['ownAct']): ActorLife | undefined {
	if (current?.type !== type || current.life) return undefined;
	current.life = new ActorLife(current.process, { actor, type, ownAct });
	actors.set(current.process, actor);
	return current.life;
}

/** The actor of this thread that a process is. */
export function actorOf(process: object): object | undefined {
	return actors.get(process);
}

/** Constructs an actor in this thread and lets it begin. Throws what the constructor does. */
export function startHere<A extends readonly unknown[], T extends object>(
	type: ActorClass<A, T>,
	options: ActorSpawnOptions,
	args: A,
): T {
	const { name, linkTo, ignoresNormalExits } = resolveActorOptions(options);
	const home = here();
	const process = home.open(() => life.begin(), {
		name: name ?? nextName(type),
		kind: 'local',
		unhandled: 'exit',
		ignoresNormalExits,
	});
	let actor: T;
	let life: ActorLife;
	try {
		({ actor, life } = construct(type, process, args));
	} catch (error) {
		process.end(undefined);
		throw error;
	}
	if (name !== undefined) home.services.register(process);
	for (const other of linkTo) home.link(process, other);
	return actor;
}

/** Constructs an actor that is to be a process. */
export function construct<A extends readonly unknown[], T extends object>(
	type: ActorClass<A, T>,
	process: LocalProcess,
	args: A,
): { actor: T; life: ActorLife } {
	const outer = current;
	const begun: Beginning = { type: type as unknown as HandlingClass, process, life: undefined };
	current = begun;
	try {
		const actor = new type(...args);
		if (begun.life) return { actor, life: begun.life };
	} finally {
		current = outer;
	}
	throw new InvalidArgumentError(
		`actor was not started: class ${type.name} does not extend Actor, or is another class with \`new\``,
	);
}

/** A name for errors, which `whereis()` does not know. */
export function nextName(type: { readonly name: string }): string {
	count += 1;
	return `${type.name || 'Actor'}-${count}`;
}
