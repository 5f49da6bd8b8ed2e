import type { Rule } from './source-file.ts';

/** The lock file pins versions and checksums, and leaves it to whoever installs where the packages come from. */
export const namesNoHost: Rule = (file) =>
	file.text
		.split('\n')
		.map((line, index) => ({ line, number: index + 1 }))
		.filter(({ line }) => /"resolved":\s*"\w+:\/\//.test(line))
		.map(({ number }) => `${file.path}:${number}: names a host (npm leaves it out with omit-lockfile-registry-resolved)`);

interface LockEntry {
	readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Every optional dependency has an entry, on whichever platform the file was written; `npm ci` of npm 11 refuses it otherwise. */
export const isCompleteForEveryPlatform: Rule = (file) => {
	const { packages = {} } = JSON.parse(file.text) as { packages?: Readonly<Record<string, LockEntry>> };
	return Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
		Object.keys(optionalDependencies)
			.filter((name) => !(`node_modules/${name}` in packages) && !(`${parent}/node_modules/${name}` in packages))
			.map((name) => `${file.path}: no entry for ${name}, optional in ${parent}: run \`node scripts/complete-lock-file.mjs\``),
	);
};
