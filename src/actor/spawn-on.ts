import { ownModule } from '../internal/own-module.ts';
import { here } from '../process/index.ts';
import { checkTypeScript, describeTarget } from '../resource/index.ts';
import { type ActorRef, refOf } from './actor-ref.ts';
import { type ActorClass, nextName } from './beginning.ts';
import { pack, type Parcel } from './parcel.ts';
import { refusedOption, resolveActorOptions, type SpawnOn } from './spawn-options.ts';

/** What a worker is to construct. */
export interface ActorOrder {
	/** Where the class is. */
	readonly url: string | undefined;
	/** Why that is not known. */
	readonly error: unknown;
	readonly exportName: string | undefined;
	readonly className: string;
	/** The arguments of the constructor: they are read when the module is loaded, which registers their classes. */
	readonly args: Parcel;
}

/** Starts an actor in a worker of its own. */
export function spawnElsewhere<A extends readonly unknown[]>(
	type: ActorClass<A> & { readonly module?: URL | string | undefined },
	options: SpawnOn,
	args: A,
): ActorRef {
	const { name = nextName(type), linkTo, ignoresNormalExits } = resolveActorOptions(options);
	const module = options.module ?? type.module;
	if (module === undefined)
		throw refusedOption(
			'module',
			`is missing: a worker loads class ${type.name} from the module that exports it. Say which, here or as its static \`module\``,
		);
	const { url, error } = resolveModule(name, module, type.name);
	const order: ActorOrder = { url, error, exportName: options.export, className: type.name, args: pack(args) };
	const home = here();
	const process = home.services.spawn(home, new URL(ownModule('#actor-worker')), {
		name,
		kind: options.kind,
		args: [order],
		linkTo,
		unhandled: 'exit',
		ignoresNormalExits,
		exportName: 'runActor',
		...(url !== undefined && { preload: url }),
	});
	home.services.register(process);
	for (const other of linkTo) home.link(process, other);
	return refOf(process);
}

/** Where a module is, or why it cannot be loaded: that is then why the actor ends. */
function resolveModule(name: string, module: URL | string, className: string): Pick<ActorOrder, 'url' | 'error'> {
	try {
		const target = describeTarget(name, module, className);
		checkTypeScript(name, target, process.execArgv);
		return { url: target.type === 'module' ? target.url : undefined, error: undefined };
	} catch (error) {
		return { url: undefined, error };
	}
}
