/*
 * Adds the entries that npm leaves out of package-lock.json when its registry does not carry a package for every platform.
 *
 * Tools with a native part (biome, oxlint, rollup, ...) have one optional package per platform, pinned to an exact version. A
 * registry that mirrors only some platforms makes `npm install` drop the others from the lock file; then `npm ci` refuses the
 * lock file (npm 11), and on the platforms left out it would not install the part. The entries added here say all that npm
 * needs to know: version and platform. Run after `npm install`; a tidy test tells when it is due. An argument names the folder of
 * another lock file: `node scripts/complete-lock-file.mjs site`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** @typedef {{ version?: string, dev?: boolean, license?: string, optionalDependencies?: Record<string, string> }} Entry */

const OS = ['android', 'aix', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

const folder = process.argv[2] ?? '.';
const path = new URL(`../${folder}/package-lock.json`, import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
/** @type {Record<string, Entry>} */
const packages = lock.packages;

let added = 0;
for (const [parent, entry] of Object.entries(packages)) {
	for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
		if (isLocked(parent, name)) continue;
		packages[`node_modules/${name}`] = describe(name, version, entry);
		added += 1;
	}
}
const byName = (/** @type {[string, Entry]} */ [a], /** @type {[string, Entry]} */ [b]) => a.localeCompare(b, 'en');
lock.packages = Object.fromEntries(Object.entries(packages).toSorted(byName));
writeFileSync(path, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`${added} entries added to package-lock.json`);

/** True when a package that `parent` asks for has an entry, in its own node_modules or at the top. */
function isLocked(/** @type {string} */ parent, /** @type {string} */ name) {
	return `${parent}/node_modules/${name}` in packages || `node_modules/${name}` in packages;
}

/** The entry of a platform's package: its name tells the platform (`@scope/binding-linux-x64-musl`). */
function describe(/** @type {string} */ name, /** @type {string} */ version, /** @type {Entry} */ parent) {
	const words = name.split(/[/-]/);
	const os = OS.find((one) => words.includes(one));
	const cpu = CPU.find((one) => words.includes(one));
	if (!os || !cpu || !/^\d/.test(version)) throw new Error(`${name}@${version} does not look like the package of a platform`);
	const libc = words.some((word) => word.startsWith('musl'))
		? ['musl']
		: words.some((word) => word.startsWith('gnu'))
			? ['glibc']
			: [];
	return {
		version,
		cpu: [cpu],
		...(parent.dev ? { dev: true } : {}),
		...(os === 'linux' && libc.length > 0 ? { libc } : {}),
		...(parent.license ? { license: parent.license } : {}),
		optional: true,
		os: [os],
	};
}
