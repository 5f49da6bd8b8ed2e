import { describe, expect, it } from 'vitest';

import { filesOf, isQuotedFrom } from './fences.ts';

const fence = (mark: string, ...lines: string[]): string => ['```' + mark, ...lines, '```', ''].join('\n');
const never = (): boolean => false;

describe('filesOf()', () => {
	it('takes a fence as a program that prints what the fence right below says', () => {
		const markdown = ['# Title', '', fence('ts', 'console.log(1);'), fence('text', '1')].join('\n');
		expect(filesOf(markdown, never)).toEqual([{ name: 'line-3.ts', text: 'console.log(1);\n', line: 3, output: '1\n' }]);
	});

	it('takes a program without an output as one that prints nothing', () => {
		const markdown = [fence('js', 'let a;'), 'prose', fence('text', 'not its output')].join('\n');
		expect(filesOf(markdown, never)).toEqual([{ name: 'line-1.mjs', text: 'let a;\n', line: 1, output: '' }]);
	});

	it('takes a fence that begins with a file name as that file, and does not run it', () => {
		const [file] = filesOf(fence('ts', '// jobs.ts', 'export const a = 1;'), never);
		expect(file).toMatchObject({ name: 'jobs.ts', output: undefined });
	});

	it('runs a named file that has an output', () => {
		const [file] = filesOf([fence('ts', '// main.ts', 'console.log(1);'), fence('text', '1')].join('\n'), never);
		expect(file).toMatchObject({ name: 'main.ts', output: '1\n' });
	});

	it('leaves out quotations, and what is no code', () => {
		const markdown = [fence('js', 'quoted();'), fence('sh', 'npm test'), fence('text', 'a')].join('\n');
		expect(filesOf(markdown, (text) => text === 'quoted();\n')).toEqual([]);
	});

	it.each(['typescript', 'ts no-run', 'mjs', 'javascript'])('refuses a fence marked `%s`', (mark) => {
		expect(() => filesOf(fence(mark, 'a();'), never)).toThrow('unknown language');
	});
});

describe('isQuotedFrom()', () => {
	const source = 'a();\n\tb();\n\n\tc();\n';

	it.each(['a();\nc();\n', '\t\tb();\n\nc();\n'])('is true for lines in their order: %j', (text) => {
		expect(isQuotedFrom(source, text)).toBe(true);
	});

	it.each(['c();\na();\n', 'a();\na();\n', 'd();\n', 'a()\n'])('is false otherwise: %j', (text) => {
		expect(isQuotedFrom(source, text)).toBe(false);
	});
});
