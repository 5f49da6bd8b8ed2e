/*
 * Shows that scripts/notebooks.mjs fails where it must: a cell that throws, and a cell that no longer shows what is committed.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('notebooks.mjs', import.meta.url));

/** Runs a notebook of one cell, of which `shown` is committed, with the arguments that CI gives. */
function runCell(/** @type {string} */ source, /** @type {string} */ shown, /** @type {string[]} */ ...args) {
	const folder = mkdtempSync(join(tmpdir(), 'coproc-runner-'));
	try {
		const file = join(folder, 'one-cell.ipynb');
		const outputs = [{ output_type: 'stream', name: 'stdout', text: [shown] }];
		const cells = [{ cell_type: 'code', id: 'cell-1', metadata: {}, source: [source], execution_count: 1, outputs }];
		writeFileSync(
			file,
			JSON.stringify({ cells, metadata: { kernelspec: { name: 'deno', display_name: 'Deno' } }, nbformat: 4, nbformat_minor: 5 }),
		);
		const { status, stdout, stderr } = spawnSync(process.execPath, [runner, ...args, file], { encoding: 'utf8' });
		return { status, stdout, stderr };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const good = runCell("console.log('here')", 'here\n', '--check');
assert.equal(good.status, 0, good.stderr);
console.log('a notebook that shows what is committed passes');

for (const how of ['--check', '--plain']) {
	const failing = runCell("console.log('here'); throw new Error('this cell fails')", 'here\n', how);
	assert.equal(failing.status, 1);
	assert.match(failing.stderr, /this cell fails/);
	assert.match(failing.stdout, /a cell FAILED/);
	console.log(`a cell that throws fails the run (${how}), and is named`);
}

const stale = runCell("console.log('here')", 'elsewhere\n', '--check');
assert.equal(stale.status, 1);
assert.match(stale.stdout, /cells 1 no longer show what is committed/);
console.log('a cell that shows something else than what is committed fails the check');
