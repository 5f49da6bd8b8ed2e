import { defineConfig } from 'tsup';

// `splitting` keeps one copy of every class and registry, whichever entry a worker comes in by.
export default defineConfig({
	entry: {
		index: 'src/index.ts',
		'cli/main': 'src/cli/main.ts',
		'cli/map-worker': 'src/cli/map-worker.ts',
		'cli/doctor-worker': 'src/cli/doctor-worker.ts',
		'mailbox/index': 'src/mailbox.ts',
		'mailbox/ringer': 'src/mailbox/ringer.ts',
		'process/index': 'src/process.ts',
		'worker/bootstrap': 'src/worker/bootstrap.ts',
		'process/worker-program': 'src/process/worker-program.ts',
		'actor/index': 'src/actor.ts',
		'actor/worker-program': 'src/actor/worker-program.ts',
	},
	format: 'esm',
	target: 'node20',
	platform: 'node',
	splitting: true,
	clean: true,
	dts: {
		// The declarations name types of Node; TypeScript 6 and later look at @types/node only where something asks for it.
		banner: '/// <reference types="node" />',
		entry: {
			index: 'src/index.ts',
			'mailbox/index': 'src/mailbox.ts',
			'process/index': 'src/process.ts',
			'actor/index': 'src/actor.ts',
		},
	},
});
