import { InvalidArgumentError, UnknownFunctionError } from '../errors/index.ts';
import { nearestName } from '../internal/nearest-name.ts';
import type { FunctionInfo, InlineFunction, RemoteMethod } from '../rpc/index.ts';
import { Pace } from './pace.ts';

/** What a map runs: a function of the workers' module, or one that is shipped to them. */
export interface Mapper {
	/** What is called, under the name of the function that it runs. */
	readonly method: RemoteMethod;
	/** The function's number; below 0, of one that is shipped. */
	readonly number: number;
	readonly inline: InlineFunction | undefined;
	readonly pace: Pace;
}

/** Shipped functions that a pool remembers, by their source. */
const KEPT_MAPPERS = 1024;

/** The functions that a pool maps with: each has its number, and its pace is known from map to map. */
export class MapperShelf {
	readonly #pool: string;
	readonly #functions: readonly FunctionInfo[];
	readonly #chunkNumber: number;
	readonly #exports = new Map<string, Mapper>();
	readonly #shipped = new Map<string, Mapper>();
	/** -1 is taken, see rss-probe.ts. */
	#lastNumber = -1;

	/**
	 * @param functions those of the workers' module, none where there is no module
	 * @param chunkNumber the number of the workers' function for chunks
	 */
	constructor(pool: string, functions: readonly FunctionInfo[], chunkNumber: number) {
		this.#pool = pool;
		this.#functions = functions;
		this.#chunkNumber = chunkNumber;
	}

	/** Finds or makes the mapper of a function. Throws InvalidArgumentError for what cannot be one. */
	find(method: string, fn: unknown): Mapper {
		if (typeof fn === 'string') return this.#exports.get(fn) ?? this.#export(method, fn);
		if (typeof fn === 'function') return this.#inline(method, fn);
		const kind = fn === null ? 'null' : typeof fn;
		throw new InvalidArgumentError(
			`${method}() was refused: it takes a function or the name of an export, not a value of type ${kind}`,
		);
	}

	#export(method: string, name: string): Mapper {
		const known = this.#functions;
		const number = known.findIndex((each) => each.name === name);
		if (number < 0) {
			const names = known.map((each) => each.name);
			throw new UnknownFunctionError({ worker: this.#pool, name, nearest: nearestName(name, names), known: names });
		}
		if (known[number]?.streams)
			throw new InvalidArgumentError(
				`${method}() was refused: \`${name}\` streams, and each item must give one result. Use \`call.${name}()\``,
			);
		const mapper = this.#make(name, number, undefined);
		this.#exports.set(name, mapper);
		return mapper;
	}

	#inline(method: string, fn: Function): Mapper {
		const source = Function.prototype.toString.call(fn);
		const former = this.#shipped.get(source);
		if (former) return former;
		if (source.includes('[native code]'))
			throw new InvalidArgumentError(
				`${method}() was refused: function "${fn.name}" is native or bound, so it has no source to ship. Write it out, or pass the name of an export`,
			);
		this.#lastNumber -= 1;
		const mapper = this.#make(fn.name || 'anonymous', this.#lastNumber, { source, name: fn.name });
		this.#shipped.set(source, mapper);
		if (this.#shipped.size > KEPT_MAPPERS) this.#shipped.delete(this.#shipped.keys().next().value as string);
		return mapper;
	}

	#make(name: string, number: number, inline: InlineFunction | undefined): Mapper {
		return { method: { name, number: this.#chunkNumber, streams: false }, number, inline, pace: new Pace() };
	}
}
