/** Which homes have handles of the processes of this thread, and want to be told of their ends. */
export class Watchers {
	readonly #homes = new Map<number, Set<number>>();

	add(serial: number, home: number): void {
		const homes = this.#homes.get(serial);
		if (homes) homes.add(home);
		else this.#homes.set(serial, new Set([home]));
	}

	remove(serial: number, home: number): void {
		this.#homes.get(serial)?.delete(home);
	}

	/** Who is to be told of the end of a process; nobody is afterwards. */
	take(serial: number): ReadonlySet<number> {
		const homes = this.#homes.get(serial);
		this.#homes.delete(serial);
		return homes ?? new Set();
	}

	/** A home is gone. */
	forget(home: number): void {
		for (const homes of this.#homes.values()) homes.delete(home);
	}
}
