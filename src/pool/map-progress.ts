import type { AsyncResource } from 'node:async_hooks';

import type { MapOptions } from './pool-options.ts';

/** Tells how far a map has come: once for all results that came together, in the context of whoever made the map. */
export class MapProgressTeller {
	/** Items whose result has come. */
	completed = 0;
	readonly #onProgress: MapOptions['onProgress'];
	readonly #total: number | undefined;
	#told = 0;

	constructor(onProgress: MapOptions['onProgress'], total: number | undefined) {
		this.#onProgress = onProgress;
		this.#total = total;
	}

	/** Tells it if there is news. Throws what the listener throws. */
	tell(context: AsyncResource): void {
		if (!this.#onProgress || this.#told === this.completed) return;
		this.#told = this.completed;
		context.runInAsyncScope(this.#onProgress, undefined, { completed: this.completed, total: this.#total });
	}
}
