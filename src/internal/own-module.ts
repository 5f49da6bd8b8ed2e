import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URL of a program of this package, by its name in `imports` of package.json.
 *
 * In a bundle that has taken this file in, that name means nothing any more; then the program of the installed package is taken.
 * Throws where there is none; whoever starts that program says which worker it was for.
 */
export function ownModule(name: `#${string}`): string {
	try {
		return import.meta.resolve(name);
	} catch (error) {
		try {
			return installedModule(name);
		} catch {
			throw new Error(
				`program ${name} of coproc was not found. A bundler has to leave coproc out of the bundle ("external"), and it has to be installed`,
				{ cause: error },
			);
		}
	}
}

/** Where the program lies in the package that is installed for this file. Throws when there is none. */
function installedModule(name: string): string {
	const description = createRequire(import.meta.url).resolve('coproc/package.json');
	const { imports } = JSON.parse(readFileSync(description, 'utf8')) as { imports: Record<string, string> };
	return pathToFileURL(join(dirname(description), imports[name] as string)).href;
}
