/*
 * Where is the ring that coproc ships? dist keeps it inside, so it is bundled from the same sources, once per run.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Ignored by git, and below the project, so that koffi is found from there. */
const folder = fileURLToPath(new URL('../.tmp/', import.meta.url));

/** Bundles src/ringbuf and src/internal/libc.ts into bench/.tmp with the project's own bundler. */
export async function bundleRingbuf() {
	const { build } = await import('tsup');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	await build({
		config: false,
		silent: true,
		entry: { ringbuf: `${root}src/ringbuf/index.ts`, libc: `${root}src/internal/libc.ts` },
		outDir: folder,
		outExtension: () => ({ js: '.mjs' }),
		format: 'esm',
		target: 'node20',
		platform: 'node',
		splitting: true,
		tsconfig: `${root}tsconfig.json`,
		external: ['koffi'],
	});
}

/** The bundled ring. */
export async function loadRingbuf() {
	const [ringbuf, libc] = await Promise.all([import('../.tmp/ringbuf.mjs'), import('../.tmp/libc.mjs')]);
	return { ...ringbuf, loadLibc: libc.loadLibc };
}
