import { describe, expect, it } from 'vitest';

import { normalizeNotebook, refreshNotebook } from '../../scripts/notebook-format.mjs';

type Notebook = Parameters<typeof normalizeNotebook>[0];
type Output = NonNullable<Notebook['cells'][number]['outputs']>[number];

/** A notebook with one cell that shows something. */
function notebook(outputs: Output[], tags?: string[]): Notebook {
	const metadata = { execution: { started: '2026-01-01' }, ...(tags && { tags }) };
	const cell = { cell_type: 'code', id: 'f00', metadata, source: 'one\ntwo', execution_count: 7, outputs };
	return { cells: [cell], metadata: { language_info: { version: '6.0.3' } }, nbformat: 4, nbformat_minor: 5 };
}

function stream(text: string, name = 'stdout'): Output {
	return { output_type: 'stream', name, text };
}

describe('normalizeNotebook()', () => {
	it('is the same for the same meaning, whatever the ids, times, versions, colours and pieces', () => {
		const escape = String.fromCharCode(27);
		const pieces = normalizeNotebook(notebook([stream('a\nb'), stream(`${escape}[33mc${escape}[39m\n`)]));
		const whole = normalizeNotebook({ ...notebook([stream('a\nbc\n')]), metadata: {} });
		expect(pieces).toEqual(whole);
		expect(pieces.cells[0]).toEqual({
			cell_type: 'code',
			id: 'cell-1',
			metadata: {},
			source: ['one\n', 'two'],
			execution_count: 1,
			outputs: [{ output_type: 'stream', name: 'stdout', text: ['a\n', 'bc\n'] }],
		});
	});

	it('keeps stdout and stderr, and data of every kind, apart', () => {
		const data = { 'text/plain': 'x', 'image/svg+xml': '<svg/>', 'application/json': { a: 1 } };
		const [cell] = normalizeNotebook(
			notebook([stream('a'), stream('b', 'stderr'), { output_type: 'execute_result', data }]),
		).cells;
		expect(cell?.outputs).toEqual([
			{ output_type: 'stream', name: 'stdout', text: ['a'] },
			{ output_type: 'stream', name: 'stderr', text: ['b'] },
			{
				output_type: 'execute_result',
				data: { 'application/json': { a: 1 }, 'image/svg+xml': ['<svg/>'], 'text/plain': ['x'] },
				metadata: {},
				execution_count: 1,
			},
		]);
	});
});

describe('refreshNotebook()', () => {
	const refresh = (before: Notebook, now: Notebook, isMeasured?: boolean) =>
		refreshNotebook(before, normalizeNotebook(now), isMeasured);

	it('names the cells that show something else, and takes what they show', () => {
		const { notebook: fresh, changed } = refresh(notebook([stream('before')]), notebook([stream('now')]));
		expect(changed).toEqual([1]);
		expect(fresh).toEqual(normalizeNotebook(notebook([stream('now')])));
	});

	it('changes nothing when the meaning is the same', () => {
		expect(refresh(notebook([stream('a'), stream('b')]), notebook([stream('ab')])).changed).toEqual([]);
	});

	it('keeps the figures of a measured cell, unless new ones are asked for', () => {
		const [before, now] = [notebook([stream('1.2 s')], ['measured']), notebook([stream('1.3 s')], ['measured'])];
		expect(refresh(before, now)).toEqual({ notebook: normalizeNotebook(before), changed: [] });
		expect(refresh(before, now, true)).toEqual({ notebook: normalizeNotebook(now), changed: [1] });
	});

	it('names a measured cell that shows another kind of thing, or nothing', () => {
		const before = notebook([stream('1.2 s')], ['measured']);
		expect(refresh(before, notebook([], ['measured'])).changed).toEqual([1]);
		expect(refresh(before, notebook([stream('1.2 s', 'stderr')], ['measured'])).changed).toEqual([1]);
	});
});
