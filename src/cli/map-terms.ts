import type { InputKind } from './item.ts';

/** What a worker of `coproc map` is told: the query of its URL, so that it is known before anything runs. */
export interface MapTerms {
	/** The user's module. */
	readonly module: string;
	/** The export that is to be run; undefined: the default export, or else the only function there is. */
	readonly exportName: string | undefined;
	readonly input: InputKind;
	/** The export that folds results: then results stay what they are, instead of becoming lines of JSON. */
	readonly reduce: string | undefined;
	/** What the fold starts with, as JSON; undefined: with the first result. */
	readonly initial: string | undefined;
}

/** Puts the terms into the URL of the worker. */
export function withTerms(worker: string, terms: MapTerms): URL {
	const url = new URL(worker);
	for (const [name, value] of Object.entries(terms)) if (value !== undefined) url.searchParams.set(name, value as string);
	return url;
}

/** Takes them out of it. */
export function termsOf(url: string): MapTerms {
	const { searchParams } = new URL(url);
	const get = (name: string): string | undefined => searchParams.get(name) ?? undefined;
	return {
		module: get('module') ?? '',
		exportName: get('exportName'),
		input: (get('input') ?? 'auto') as InputKind,
		reduce: get('reduce'),
		initial: get('initial'),
	};
}
