/*
 * What can go wrong, and what does the caller see? Each situation gives a few words for the table.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** How long until a promise counts as one that never settles, in ms. */
const NEVER = 8000;
/** How long the timer of the worker gets to tick; each tick takes 10. */
const TICKING = 500;
/** How long the worker has to get into its endless loop. */
const INTO_THE_LOOP = 500;

/** @typedef {import('./libraries.mjs').Library} Library */

/** @type {Record<string, { head: string, run(library: Library): Promise<string> }>} */
export const SITUATIONS = {
	exit: {
		head: 'the worker exits during a call',
		async run(library) {
			return `call ${describe(await settle(library.call('exit')))}`;
		},
	},
	after: {
		head: 'a call after that',
		async run(library) {
			await settle(library.call('exit'));
			const after = await settle(library.call('add', 1));
			return after.status === 'resolved' && after.value === 3 ? 'works' : describe(after);
		},
	},
	error: {
		head: 'what is left of an error',
		async run(library) {
			const { status, value: error } = await settle(library.call('fail'));
			if (status !== 'rejected') return describe({ status, value: error });
			const kept = {
				class: error instanceof RangeError,
				code: error?.code === 'E_RANGE',
				property: error?.row === 7,
				cause: error?.cause instanceof TypeError,
			};
			const names = Object.keys(kept).filter((name) => kept[name]);
			if (names.length === Object.keys(kept).length) return 'all';
			return `${error instanceof Error ? 'message' : 'no Error'}${names.map((name) => `, ${name}`).join('')}`;
		},
	},
	unclonable: {
		head: 'a result that cannot be copied',
		async run(library) {
			const outcome = await settle(library.call('unclonable'));
			if (outcome.status === 'resolved') return `silently ${JSON.stringify(outcome.value)}`;
			const message = String(outcome.value?.message ?? '');
			return `${describe(outcome)}${message.includes('rows[1].callback') ? ', names the path' : ''}`;
		},
	},
	rich: {
		head: 'Map, BigInt, Date, NaN in a result',
		async run(library) {
			const { status, value } = await settle(library.call('rich'));
			if (status !== 'resolved') return describe({ status, value });
			const isWhole =
				value?.map instanceof Map && value.map.get('a') === 1n && value.date instanceof Date && Number.isNaN(value.nan);
			return isWhole ? 'arrive' : 'lost';
		},
	},
	timer: {
		head: 'work of the worker that nobody awaits',
		async run(library) {
			await library.call('startTimer');
			await sleep(TICKING);
			return Number(await library.call('ticked')) > 2 ? 'goes on' : 'stands still';
		},
	},
	close: {
		head: 'closing (by force where there is a choice) while a call never ends',
		async run(library) {
			await library.call('add', 1);
			const call = settle(library.call('spin'));
			await sleep(INTO_THE_LOOP);
			const closed = await settle(library.close());
			return `${closed.status === 'never' ? 'never closes' : 'closes'}, call ${describe(await call)}`;
		},
	},
};

/** How a promise settled, within some time. @param {Promise<unknown>} promise */
async function settle(promise) {
	const limit = new AbortController();
	try {
		return await Promise.race([
			Promise.resolve(promise).then(
				(value) => ({ status: 'resolved', value }),
				(/** @type {unknown} */ error) => ({ status: 'rejected', value: error }),
			),
			sleep(NEVER, { status: 'never', value: undefined }, { signal: limit.signal }),
		]);
	} finally {
		limit.abort();
	}
}

function describe({ status, value }) {
	if (status === 'never') return 'never settles';
	if (status === 'resolved') return `gives ${JSON.stringify(value)}`;
	return value instanceof Error
		? `rejects: ${value.code?.startsWith?.('ERR_COPROC') ? value.constructor.name : value.name}`
		: 'rejects';
}
