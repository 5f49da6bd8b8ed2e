import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Kind, Process } from 'coproc/process';
import { afterAll, describe, expect, it } from 'vitest';

import { endsEverything, probe, start } from './support/kinds.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'coproc-direct-'));

endsEverything();

afterAll(() => rmSync(FOLDER, { recursive: true }));

const WORKERS: readonly (readonly [Kind, Kind])[] = [
	['thread', 'thread'],
	['thread', 'process'],
	['process', 'process'],
];

describe('messages between two workers', () => {
	it.each(WORKERS)('(%s and %s) do not pass through the root: they go on while it is parked', async (kindA, kindB) => {
		const to = probe();
		const file = join(FOLDER, `${kindA}-${kindB}`);
		const [a, b] = [start(kindA, 'player', [to, { rounds: 1000, file }]), start(kindB, 'player', [to])];
		for (let count = 0; count < 2; count += 1) await to.next(['ready', Process]);
		a.send('play', b);
		// From here on this thread does nothing but look: not a message could pass.
		const deadline = performance.now() + 15_000;
		while (!existsSync(file) && performance.now() < deadline) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
		expect(existsSync(file)).toBe(true);
	});
});
