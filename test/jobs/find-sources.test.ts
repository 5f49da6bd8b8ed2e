import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { UsageError } from '../../jobs/parse-sources/arguments.js';
import { findSources, selectSources, warmFileCache } from '../../jobs/parse-sources/find-sources.js';
import { tempTree } from './temp-tree.ts';

const paths = (files: { path: string }[]) => files.map(({ path }) => path);

describe('findSources', () => {
	it('finds every kind of source, sorted by path, with sizes', async () => {
		const root = tempTree({
			'z.js': 'z',
			'b/a.mjs': '',
			'b/b.cjs': '',
			'b/c.jsx': '',
			'a.ts': 'let a;',
			'B.mts': '',
			'.hidden/x.cts': '',
			'a/y.tsx': '',
			'a/y.d.ts': '',
			'README.md': '',
			'data.json': '',
			js: '',
			'x.js.map': '',
		});
		const { files, problems } = await findSources(root);
		expect(paths(files)).toEqual([
			'.hidden/x.cts',
			'B.mts',
			'a.ts',
			'a/y.d.ts',
			'a/y.tsx',
			'b/a.mjs',
			'b/b.cjs',
			'b/c.jsx',
			'z.js',
		]);
		expect(files.find(({ path }) => path === 'a.ts')).toMatchObject({ bytes: 6, absolutePath: join(root, 'a.ts') });
		expect(problems).toEqual([]);
	});

	it('takes each file once and ends, whatever the links are', async () => {
		const outside = tempTree({ 'secret.js': '' });
		const root = tempTree({ 'a/one.js': '' });
		symlinkSync('..', join(root, 'a/up'));
		symlinkSync('.', join(root, 'self'));
		symlinkSync(outside, join(root, 'out'));
		symlinkSync(join(outside, 'secret.js'), join(root, 'out.js'));
		symlinkSync('one.js', join(root, 'a/same.js'));
		const { files, problems } = await findSources(root);
		expect(paths(files)).toEqual(['a/one.js']);
		expect(problems).toEqual([]);
	});

	it('reports sources that are broken links and goes on', async () => {
		const root = tempTree({ 'good.js': '' });
		symlinkSync('nowhere', join(root, 'broken.js'));
		symlinkSync('loop.js', join(root, 'loop.js'));
		const { files, problems } = await findSources(root);
		expect(paths(files)).toEqual(['good.js']);
		expect(problems).toEqual([
			{ path: 'broken.js', reason: 'broken symbolic link: no such file or folder' },
			{ path: 'loop.js', reason: 'broken symbolic link: it leads back to itself' },
		]);
	});

	it('searches a folder that is named like a source', async () => {
		const root = tempTree({ 'lib.js/inner.js': '' });
		mkdirSync(join(root, 'empty.ts'));
		const { files } = await findSources(root);
		expect(paths(files)).toEqual(['lib.js/inner.js']);
	});

	it('reports files that would fill the heap', async () => {
		const root = tempTree({ 'huge.js': '' });
		truncateSync(join(root, 'huge.js'), 64e6 + 1);
		expect(await findSources(root)).toMatchObject({
			files: [],
			problems: [{ path: 'huge.js', reason: 'larger than 64 MB' }],
		});
	});

	it('resolves the folder itself, which may be a link', async () => {
		const root = tempTree({ 'real/a.js': '' });
		symlinkSync('real', join(root, 'link'));
		const found = await findSources(join(root, 'link'));
		expect(paths(found.files)).toEqual(['a.js']);
		expect(found.root).toMatch(/real$/);
	});

	it('refuses what is no folder', async () => {
		const root = tempTree({ 'a.js': '' });
		await expect(findSources(join(root, 'none'))).rejects.toThrow(/cannot search ".*none": no such file or folder/);
		await expect(findSources(join(root, 'a.js'))).rejects.toThrow(/cannot search ".*a\.js": not a folder/);
		await expect(findSources(join(root, 'a.js'))).rejects.toBeInstanceOf(UsageError);
	});

	it('stops at an abort', async () => {
		const signal = AbortSignal.abort(new Error('enough'));
		await expect(findSources(tempTree({ 'a.js': '' }), { signal })).rejects.toThrow('enough');
	});
});

describe('selectSources', () => {
	const files = [5, 100, 3, 2, 1].map((bytes, index) => ({ path: `${index}.js`, absolutePath: '', bytes }));

	it('takes in order what still fits', () => {
		const { selected, left } = selectSources(files, { maxFiles: 3, maxBytes: 10 });
		expect(paths(selected)).toEqual(['0.js', '2.js', '3.js']);
		expect(paths(left)).toEqual(['1.js', '4.js']);
	});

	it('takes everything without limits', () => {
		const { selected, left } = selectSources(files, { maxFiles: Infinity, maxBytes: Infinity });
		expect(selected).toEqual(files);
		expect(left).toEqual([]);
	});
});

describe('warmFileCache', () => {
	it('leaves what cannot be read to the passes', async () => {
		const file = { path: 'x.js', absolutePath: '/nowhere/x.js', bytes: 1 };
		await warmFileCache([file], new AbortController().signal);
	});
});
