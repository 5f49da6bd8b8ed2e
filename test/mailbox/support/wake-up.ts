import { send } from 'coproc/mailbox';

import { next } from './crowds.ts';

/** Sends to workers that echo, in turns, and returns the median time there and back for each tag, in milliseconds. */
export async function medianOfRoundTrips<T extends string>(
	tags: readonly T[],
	back: string,
	rounds: number,
): Promise<Record<T, number>> {
	const times = tags.map((): number[] => []);
	for (let round = 0; round < rounds; round += 1) {
		for (const [index, tag] of tags.entries()) {
			const begin = performance.now();
			send(tag, round);
			await next(back);
			times[index]?.push(performance.now() - begin);
		}
	}
	return Object.fromEntries(tags.map((tag, index) => [tag, times[index]?.toSorted((a, b) => a - b)[rounds >> 1]])) as Record<
		T,
		number
	>;
}
