import { spawn } from 'coproc/process';
import { expect, it } from 'vitest';

const MODULE = new URL('../fixtures/start/loads-slowly.js', import.meta.url);

it('a worker can be started of a module that a local process is loading', async () => {
	let open: () => void = () => {};
	Object.assign(globalThis, { loadGate: new Promise<void>((resolve) => (open = resolve)) });
	const local = spawn(MODULE, { kind: 'local' });
	// Each turn of the event loop lets the import begin, which then waits for the gate.
	for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
	const thread = spawn(MODULE, { kind: 'thread' });
	await thread.wait();
	expect(thread.error).toBeUndefined();
	open();
	await local.wait();
	expect(local.error).toBeUndefined();
}, 60_000);
