import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { drawArchitecture } from '../../scripts/readme/architecture-picture.mjs';
import { drawMeasured } from '../../scripts/readme/measured-picture.mjs';
import { newestRun, type Run } from '../../scripts/readme/measured.mjs';
import { format, NOTHING_MEASURED, renderMeasured, replacePart } from '../../scripts/readme/table.mjs';
import { readFile, ROOT } from '../support/tidy/source-file.ts';

function run(date: string, commit: string): Run {
	const row = (subject: string, key: string, median: number) => ({ subject, summary: { [key]: { median } } });
	return {
		date: `${date}T12:00:00.000Z`,
		commit,
		node: 'v20.20.2',
		machine: { processor: 'a processor', usableCpus: 2, system: 'linux' },
		conditions: [
			{
				condition: 'idle',
				tables: [
					{
						question: 'round-trip',
						others: 0.01,
						rows: [
							row('postMessage', 'p50', 20.52),
							row('coproc process-ring calls', 'p50', 2.711),
							row('coproc process-ring', 'p50', 29.7),
							row('piscina', 'p50', 1234.5),
							row('piscina tuned', 'p50', 9),
						],
					},
					{ question: 'start', others: 0.2, rows: [row('coproc process-ring', 'warm', 70)] },
				],
			},
			{ condition: 'pinned', tables: [{ question: 'round-trip', others: 0, rows: [row('postMessage', 'p50', 17)] }] },
		],
	};
}

describe('renderMeasured()', () => {
	const text = renderMeasured(run('2026-11-21', 'abc1234'), '2026-11-21-abc1234.json');

	it('has a line for each subject, calls before messages, and a figure for each question', () => {
		expect(text.split('\n').filter((line) => /^\| [a-z]/.test(line))).toEqual([
			'| coproc, process | 2.71 |  |  |  |  | 70.0 |',
			'| postMessage to a Worker | 20.5 | 17.0 |  |  |  |  |',
			'| piscina | 1,235 |  |  |  |  |  |',
		]);
	});

	it('says where the figures come from, and who else used the machine', () => {
		expect(text).toContain('commit abc1234, Node v20.20.2, a processor, 2 CPUs, while others used up to 20 % of the machine');
		expect(text).toContain('(bench/results/2026-11-21-abc1234.json)');
	});
});

describe('format()', () => {
	it.each([
		[0.123_45, '0.12'],
		[9.996, '10.00'],
		[12.34, '12.3'],
		[1234.5, '1,235'],
		[undefined, ''],
	])('writes %d as %s', (value, text) => expect(format(value)).toBe(text));
});

describe('replacePart()', () => {
	it('replaces what stands between the marks, and nothing else', () => {
		expect(replacePart('a\n<!-- x -->\nold\n<!-- /x -->\nb', 'x', 'new')).toBe('a\n<!-- x -->\nnew\n<!-- /x -->\nb');
	});

	it('throws when there is no place for it', () => {
		expect(() => replacePart('a', 'x', 'new')).toThrow('<!-- x -->');
	});
});

describe('drawMeasured()', () => {
	it('draws a bar for each subject that was measured, and a mark for each other condition', () => {
		const picture = drawMeasured(run('2026-11-21', 'abc1234'));
		expect(picture.match(/class="(own|other)"/g)).toHaveLength(3 + 1);
		expect(picture.match(/<polygon class="mark"/g)).toHaveLength(1 + 1);
		expect(picture).not.toContain('NaN');
		expect(picture).toContain('prefers-color-scheme: dark');
	});
});

describe('newestRun()', () => {
	it('takes the newest whole run, and no quick or partial one', () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'coproc-runs-'));
		onTestFinished(() => rmSync(folder, { recursive: true }));
		expect(newestRun(folder)).toBeUndefined();
		const files = { '2026-11-20-aaa.json': '2026-11-20', '2026-11-21-bbb.json': '2026-11-21', 'quick.json': '2026-11-22' };
		for (const [file, date] of Object.entries(files)) writeFileSync(path.join(folder, file), JSON.stringify(run(date, 'c')));
		expect(newestRun(folder)?.file).toBe('2026-11-21-bbb.json');
	});
});

describe('README.md', () => {
	const committed = newestRun(`${ROOT}bench/results`);

	it('shows the newest whole run of bench/results: `npm run readme:table` puts it there', () => {
		const text = committed ? renderMeasured(committed.run, committed.file) : NOTHING_MEASURED;
		const readme = readFile('README.md').text;
		expect(readme).toBe(replacePart(readme, 'measured', text));
	});

	it('shows pictures as they are drawn', () => {
		expect(readFileSync(`${ROOT}docs/pictures/architecture.svg`, 'utf8')).toBe(drawArchitecture());
		if (committed) expect(readFileSync(`${ROOT}docs/pictures/measured.svg`, 'utf8')).toBe(drawMeasured(committed.run));
	});
});
