/*
 * The target of the processes that are actors in workers of their own: loads the class, constructs the actor, lets it begin.
 */
import { WorkerStartError } from '../errors/index.ts';
import type { LocalProcess } from '../process/index.ts';
import { Actor } from './actor.ts';
import { type ActorClass, construct } from './beginning.ts';
import { unpack } from './parcel.ts';
import type { ActorOrder } from './spawn-on.ts';

/** Runs an actor in a process. */
export async function runActor(process: LocalProcess, order: ActorOrder): Promise<unknown> {
	const type = await loadClass(process.name, order);
	return construct(type, process, unpack(order.args) as never[]).life.begin();
}

async function loadClass(name: string, { url, error, exportName, className }: ActorOrder): Promise<ActorClass> {
	if (url === undefined) throw error;
	const exports = await load(name, url);
	const type = exportName === undefined ? named(exports, className) : exports[exportName];
	if (isActorClass(type)) return type;
	const wanted =
		exportName === undefined ? `no class of actors with the name ${className}` : `no class of actors \`${exportName}\``;
	const names = Object.keys(exports);
	const there = names.length > 0 ? `it exports ${names.map((each) => `\`${each}\``).join(', ')}` : 'it exports nothing';
	throw new WorkerStartError(name, `module ${url} exports ${wanted}: ${there}. The option \`export\` says which it is`);
}

async function load(name: string, url: string): Promise<Record<string, unknown>> {
	try {
		return (await import(url)) as Record<string, unknown>;
	} catch (error) {
		throw new WorkerStartError(name, `module ${url} could not be loaded: ${String(error)}`, { cause: error });
	}
}

/** The class of a name: the export of that name, or another whose value has it. */
function named(exports: Readonly<Record<string, unknown>>, className: string): unknown {
	if (isActorClass(exports[className])) return exports[className];
	return Object.values(exports).find((each) => isActorClass(each) && each.name === className);
}

function isActorClass(value: unknown): value is ActorClass {
	return typeof value === 'function' && (value.prototype as unknown) instanceof Actor;
}
