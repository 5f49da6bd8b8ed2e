/*
 * Which call does an answer belong to? The map of ids that every plain channel needs.
 */
export class Calls {
	#lastId = 0;
	/** @type {Map<number, { resolve: (value: unknown) => void, reject: (error: Error) => void }>} */
	#open = new Map();

	/** @param {(id: number) => void} send */
	add(send) {
		this.#lastId += 1;
		const id = this.#lastId;
		return new Promise((resolve, reject) => {
			this.#open.set(id, { resolve, reject });
			send(id);
		});
	}

	answer(id, value) {
		const call = this.#open.get(id);
		this.#open.delete(id);
		call.resolve(value);
	}

	fail(error) {
		for (const { reject } of this.#open.values()) reject(error);
		this.#open.clear();
	}
}
