import { defineConfig } from 'tsup';

// `splitting` keeps one copy of every class and registry, whichever entry a worker comes in by.
export default defineConfig({
	entry: {
		index: 'src/index.ts',
		'mailbox/index': 'src/mailbox/index.ts',
		'mailbox/ringer': 'src/mailbox/ringer.ts',
		'process/index': 'src/process.ts',
		'worker/bootstrap': 'src/worker/bootstrap.ts',
		'process/worker-program': 'src/process/worker-program.ts',
	},
	format: 'esm',
	target: 'node20',
	platform: 'node',
	splitting: true,
	sourcemap: true,
	clean: true,
	dts: { entry: { index: 'src/index.ts', 'mailbox/index': 'src/mailbox/index.ts', 'process/index': 'src/process.ts' } },
});
