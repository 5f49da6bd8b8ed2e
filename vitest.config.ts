import { defineConfig } from 'vitest/config';

const stress = 'test/stress/**/*.test.ts';
const deno = 'test/deno/**/*.test.ts';

// `--mode stress` runs the long tests, and only them; `--mode deno` is for a run under Deno (scripts/check-deno.mjs).
export default defineConfig(({ mode }) => ({
	test: {
		include: mode === 'stress' ? [stress] : ['test/**/*.test.ts'],
		exclude: mode === 'stress' ? [] : mode === 'deno' ? [stress] : [stress, deno],
		pool: 'forks',
		// Many tests end processes that nobody waits for. What coproc warns of then, tests of that ask for by its event.
		execArgv: mode === 'deno' ? [] : ['--disable-warning=ProcessExitWarning'],
		watch: false,
		testTimeout: mode === 'stress' ? 600_000 : 20_000,
		hookTimeout: 20_000,
		teardownTimeout: 10_000,
		// `coproc` is loaded by Node, as a user's program loads it: a copy transformed by vite would have other classes and
		// registries than the one that the workers load.
		server: { deps: { external: [/\/dist\/.*\.js$/] } },
	},
}));
