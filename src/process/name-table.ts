import type { ObservedProcess } from './observed-process.ts';

/** The names of the processes of a tree. A name may be held by several: the one that has had it longest answers to it. */
export class NameTable {
	readonly #holders = new Map<string, ObservedProcess[]>();

	/** Makes a process known by its name, until it ends. */
	add(process: ObservedProcess): void {
		const { name } = process;
		const holders = this.#holders.get(name);
		if (holders) holders.push(process);
		else this.#holders.set(name, [process]);
		process.wait().then(
			() => this.#remove(process),
			() => {},
		);
	}

	/** The living process of a name. */
	find(name: string): ObservedProcess | undefined {
		return this.#holders.get(name)?.find((process) => process.isAlive);
	}

	#remove(process: ObservedProcess): void {
		const left = this.#holders.get(process.name)?.filter((each) => each !== process) ?? [];
		if (left.length > 0) this.#holders.set(process.name, left);
		else this.#holders.delete(process.name);
	}
}
