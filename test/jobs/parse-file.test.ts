import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { MAX_NESTING, parseFile } from '../../jobs/parse-sources/parse-file.js';
import { tempTree } from './temp-tree.ts';

const parse = (text: string | Buffer, path = 'file.ts') => parseFile(path, () => Buffer.from(text as string));

describe('parseFile', () => {
	it('counts tokens, lines and bytes', () => {
		expect(parse('// a comment\nconst x = 1; /* é */\n')).toMatchObject({
			tokens: 5,
			lines: 3,
			bytes: 35,
			syntaxErrors: 0,
		});
	});

	it.each([
		['regular expressions', 'a = b / c / /d[/]}`{"/g.e', 9, 'x.js'],
		['templates', '`a${b + `c${d}`}e`', 7, 'x.js'],
		['JSX text', '<a b="it\'s">it\'s {c} / </a>', 14, 'x.jsx'],
		['generics', 'let a: A<B<C>>= 1 >>> 2', 14, 'x.ts'],
		['a hash-bang line', '#!/usr/bin/env node\nx', 1, 'x.js'],
		['nothing', '', 0, 'x.js'],
	])('counts the tokens of %s', (_, text, tokens, path) => {
		expect(parse(text, path)).toMatchObject({ tokens });
	});

	it.each(['typescript/lib/typescript.d.ts', 'vitest/dist/index.js', 'tsup/dist/index.js'])(
		'counts as many tokens as the tree of %s has, made by the compiler itself',
		(name) => {
			const path = join(createRequire(import.meta.url).resolve('vitest/package.json'), '../..', name);
			expect(parseFile(path)).toMatchObject({ tokens: tokensOfTree(path) });
		},
	);

	it('measures nesting', () => {
		expect(parse('')).toMatchObject({ nesting: 0 });
		const two = parse('[[a]]') as { nesting: number };
		expect(parse('[[[[a]]]]')).toMatchObject({ nesting: two.nesting + 2 });
	});

	it('does not overflow on a tree that is 20,000 levels deep', () => {
		const sum = parse(Array.from({ length: 20_000 }, () => 'a').join(' + '));
		expect(sum).toMatchObject({ tokens: 39_999, syntaxErrors: 0 });
		expect(parse(`a${'.b'.repeat(20_000)}`)).toMatchObject({ tokens: 40_001 });
	});

	it.each([
		['brackets', '[', ']'],
		['blocks', '{', '}'],
		['functions', '(function () { return ', '})'],
		['operators', '!-', ''],
	])('reports 20,000 nested %s', (_, open, close) => {
		const result = parse(open.repeat(20_000) + close.repeat(20_000));
		expect(result.error).toBe(`nested too deep for the parser (more than ${MAX_NESTING} levels)`);
	});

	it('reports the same where the parser copes, as threads with larger stacks do', () => {
		expect(parse('['.repeat(MAX_NESTING + 50)).error).toMatch(/^nested too deep/);
		expect(parse('['.repeat(MAX_NESTING - 50)).error).toBeUndefined();
	});

	it('parses the next file as if nothing had been after one that the parser choked on', () => {
		const text = 'x = (a) => b;\n'.repeat(50);
		const before = parse(text);
		parse('((a) + '.repeat(20_000));
		expect(parse(text)).toEqual({ ...before, ms: expect.any(Number) });
	});

	it('counts syntax errors and goes on', () => {
		const result = parse('const = ; function {');
		expect(result.error).toBeUndefined();
		expect((result as { syntaxErrors: number }).syntaxErrors).toBeGreaterThan(0);
	});

	it('survives bytes that are no source', () => {
		for (let seed = 1; seed <= 50; seed += 1) {
			const garbage = Buffer.from(Array.from({ length: 2_000 }, (_, index) => ((index + seed) * seed * 2_654_435_761) >>> 24));
			expect(parse(garbage, seed % 2 ? 'x.tsx' : 'x.js')).toMatchObject({ bytes: 2_000 });
		}
		expect(parse(Buffer.alloc(1_000))).toMatchObject({ lines: 1 });
	});

	it('reads byte order marks', () => {
		expect(parse('\uFEFFlet a;')).toMatchObject({ tokens: 3, syntaxErrors: 0 });
		expect(parse(Buffer.from('\uFEFFlet a;', 'utf16le'))).toMatchObject({ tokens: 3, syntaxErrors: 0 });
	});

	it('reports what cannot be read, without its path', () => {
		expect(parseFile('/nowhere/at/all.js').error).toBe('cannot be read: ENOENT: no such file or directory');
		expect(parseFile(tempTree({})).error).toMatch(/^cannot be read: EISDIR/);
		const denied = Object.assign(new Error("EACCES: permission denied, open '/a/b.js'"), { code: 'EACCES' });
		const refuse = () => {
			throw denied;
		};
		expect(parseFile('/a/b.js', refuse).error).toBe('cannot be read: EACCES: permission denied');
	});

	it('reports a parser that throws', () => {
		const poison = { length: 3, toString: () => ({ charCodeAt: () => 0 }) } as unknown as Buffer;
		expect(parseFile('a.ts', () => poison).error).toMatch(/^the parser failed: TypeError: /);
	});
});

/** Lets the compiler fill in every token, which is what `parseFile` saves itself. */
function tokensOfTree(path: string): number {
	const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
	let tokens = 0;
	const visit = (node: ts.Node) => {
		if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
		if (!ts.isTokenKind(node.kind)) for (const child of node.getChildren(source)) visit(child);
		else if (node.end > node.pos && node.kind !== ts.SyntaxKind.EndOfFileToken) tokens += 1;
	};
	visit(source);
	return tokens;
}
