import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

/** A loader of tsx as Node's options name it: `tsx` itself, or the file that the `tsx` command puts there. */
const LOADER = /^(?:--import=)?(tsx(?:\/esm)?|file:.*\/tsx\/dist\/.*)$/;

interface TsxPackage {
	readonly exports: { readonly './esm/api': { readonly import: { readonly default: string } } };
}

/**
 * Lets this thread load TypeScript where the program runs under tsx.
 *
 * Where Node does not strip types itself (20, and 22 before 22.18), tsx registers itself in the main thread only. It has to
 * happen before the first import: Node remembers what it could not load.
 */
export async function registerTsxInThread(): Promise<void> {
	if (isMainThread || (process.features as { typescript?: unknown }).typescript) return;
	const options = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
	const loader = options.map((option) => LOADER.exec(option)?.[1]).find((found) => found !== undefined);
	if (loader === undefined) return;
	try {
		const base = loader.startsWith('file:') ? fileURLToPath(loader) : join(process.cwd(), 'target.js');
		// Found by its package, for require() would find the half that is for require(), which cannot be imported.
		const manifest = createRequire(base).resolve('tsx/package.json');
		const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as TsxPackage;
		const api = new URL(exports['./esm/api'].import.default, pathToFileURL(manifest));
		const { register } = (await import(api.href)) as { register: () => unknown };
		register();
	} catch {
		// A tsx of another shape: the import of the target says what cannot be loaded.
	}
}
