import { describe, expect, it } from 'vitest';

import type { FileResult } from '../../jobs/parse-sources/parse-file.js';
import { formatEmptyJson, formatJson, formatNothingFound, formatReport } from '../../jobs/parse-sources/report.js';
import { compareResults, summarise } from '../../jobs/parse-sources/summary.js';

const files = ['a.js', 'b.js', 'c.js', 'd.js', 'e.js', 'f.js'].map((path) => ({ path, absolutePath: `/${path}`, bytes: 10 }));
const result = (change: object): FileResult => {
	return { bytes: 1_000, tokens: 1_000, lines: 10, nesting: 3, syntaxErrors: 0, ms: 1, ...change };
};
const results = [
	result({ ms: 5 }),
	result({ nesting: 9, ms: 30 }),
	result({ nesting: 9, syntaxErrors: 2, ms: 20 }),
	{ error: 'cannot be read: EACCES', ms: 0.5 },
	result({ ms: 1_500 }),
	result({ ms: 3 }),
];

describe('summarise', () => {
	it('adds up', () => {
		expect(summarise(files, results)).toEqual({
			files: 6,
			bytes: 5_000,
			parsed: 5,
			failed: 1,
			withSyntaxErrors: 1,
			tokens: 5_000,
			lines: 50,
			deepest: { nesting: 9, path: 'b.js' },
			slowest: [
				{ ms: 1_500, path: 'e.js' },
				{ ms: 30, path: 'b.js' },
				{ ms: 20, path: 'c.js' },
				{ ms: 5, path: 'a.js' },
				{ ms: 3, path: 'f.js' },
			],
			failures: [{ path: 'd.js', reason: 'cannot be read: EACCES' }],
		});
	});

	it('copes with nothing parsed', () => {
		expect(summarise(files.slice(0, 1), [{ error: 'no', ms: 0 }])).toMatchObject({ parsed: 0, deepest: null });
	});
});

describe('compareResults', () => {
	it('takes passes for equal that differ in time only', () => {
		const other = results.map((each) => ({ ...each, ms: each.ms * 3 }));
		expect(compareResults(files, results, other)).toEqual([]);
	});

	it.each(['tokens', 'lines', 'nesting', 'bytes', 'syntaxErrors'])('sees another number of %s', (field) => {
		const other = results.with(2, result({ nesting: 9, syntaxErrors: 2, [field]: 77 }));
		expect(compareResults(files, results, other)).toMatchObject([{ path: 'c.js', field, parallel: 77 }]);
	});

	it('sees failures and results that are missing', () => {
		const other: FileResult[] = results.with(0, { error: 'lost', ms: 0 }).slice(0, 5);
		expect(compareResults(files, results, other)).toEqual([
			{ path: 'a.js', field: 'error', oneThread: undefined, parallel: 'lost' },
			{ path: 'f.js', field: 'bytes', oneThread: 1_000, parallel: undefined },
		]);
	});
});

const report = {
	dir: 'node_modules',
	root: '/node_modules',
	backend: 'process' as const,
	workers: 2,
	leftOut: { files: 3, bytes: 1_500_000 },
	problems: [{ path: 'evil\u001b[2J.js', reason: 'broken symbolic link' }],
	summary: summarise(files, results),
	oneThread: { ms: 8_000 },
	parallel: {
		ms: 5_000,
		startMs: 400,
		incidents: ['worker "parser 1" exited'],
		transports: [{ kind: 'ring', reason: 'it works' }],
	},
	speedUp: 1.6,
	differences: [],
};

describe('formatReport', () => {
	it('says everything, aligned', () => {
		expect(formatReport(report)).toBe(`folder              node_modules
files               6
parsed              5, 5.0 kB
failed              1
not readable        1
left out            3 files, 1.5 MB, over the budget (--all takes them in, --max-files and --max-mb set it)
with syntax errors  1
tokens              5,000
lines               50
deepest nesting     9 levels in b.js

slowest files (on one thread)
    1.50 s  e.js
     30 ms  b.js
     20 ms  c.js
    5.0 ms  a.js
    3.0 ms  f.js

not parsed (2)
  d.js: cannot be read: EACCES
  evil\\u{1b}[2J.js: broken symbolic link

lost workers (1)
  worker "parser 1" exited

one thread  8.00 s
2 workers   5.00 s (processes; starting them took 400 ms of it)
speed-up    1.60 times
transport   ring: it works

both results are equal
`);
	});

	it('says where results differ', () => {
		const differences = [{ path: 'a.js', field: 'tokens', oneThread: 3, parallel: undefined }];
		expect(formatReport({ ...report, differences })).toContain(
			'the results differ (1)\n  a.js: tokens is 3 on one thread, missing in a worker\n',
		);
	});

	it('cuts long lists', () => {
		const problems = Array.from({ length: 30 }, (_, index) => ({ path: `${index}.js`, reason: 'no' }));
		expect(formatReport({ ...report, problems })).toContain('  18.js: no\n  and 11 more (--json lists them all)\n');
	});

	it('has a JSON form, and one for nothing found', () => {
		expect(JSON.parse(formatJson(report))).toMatchObject({ equal: true, summary: { tokens: 5_000 }, speedUp: 1.6 });
		expect(JSON.parse(formatEmptyJson({ dir: 'x', root: '/x', problems: [] }))).toMatchObject({ summary: { files: 0 } });
		expect(formatNothingFound('x', [])).toBe('no JavaScript or TypeScript sources under x\n');
	});
});
