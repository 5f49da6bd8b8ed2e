import { existsSync } from 'node:fs';

import { afterAll, describe, expect, it } from 'vitest';

import { countAtomics, namesPartnerOfAtomics } from './support/tidy/atomics.ts';
import { documentsItsExports, opensWithAComment } from './support/tidy/documentation.ts';
import { compareErrorCodes, declaredCodes } from './support/tidy/error-codes.ts';
import { hasNoAny, hasNoDefaultExport, isNamedAfterItsContent, silencesNoCompiler } from './support/tidy/language.ts';
import { importsOnlyLowerLayers } from './support/tidy/layers.ts';
import { linksLeadSomewhere, localLinks } from './support/tidy/links.ts';
import { isCompleteForEveryPlatform, namesNoHost } from './support/tidy/lock-file.ts';
import { countFunctions, hasShortFunctions, isShortFile } from './support/tidy/size.ts';
import { waitsForEvents } from './support/tidy/sleeps.ts';
import { type Rule, ROOT, readFile, readFiles, type SourceFile } from './support/tidy/source-file.ts';

const CODE = ['.ts', '.mts', '.js', '.mjs'];

const source = readFiles('src', ['.ts']);
const tests = readFiles('test', ['.ts']);
const everything = [
	...source,
	...tests,
	...['bench', 'examples', 'jobs', 'scripts'].flatMap((folder) => readFiles(folder, CODE)),
];
const documents = [
	...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'].map(readFile),
	...['docs', 'examples', 'bench', 'site'].flatMap((folder) => readFiles(folder, ['.md'])),
];
const lockFile = ['package-lock.json', 'site/package-lock.json'].map(readFile);
const doors = source.filter(({ path }) => path.endsWith('/index.ts'));
// A fixture plays a worker that takes its time, and a stress test shakes the timing on purpose: neither waits for anything.
const waiting = tests.filter(({ path }) => !/^test\/(fixtures|stress)\//.test(path));

/** What each check looked at. A check that saw nothing fails: it would pass whatever the code looks like. */
const seen: string[] = [];

function holds(sentence: string, rule: Rule, files: readonly SourceFile[], count: (file: SourceFile) => number = () => 1): void {
	it(sentence, () => {
		const total = files.reduce((sum, file) => sum + count(file), 0);
		seen.push(`${String(files.length).padStart(4)} files, ${String(total).padStart(4)} places: ${sentence}`);
		expect(total, 'nothing was looked at').toBeGreaterThan(0);
		expect(files.flatMap(rule)).toEqual([]);
	});
}

describe('the repository', () => {
	holds('imports lower layers only, through their index.ts', importsOnlyLowerLayers, source);
	holds('keeps files short', isShortFile, source);
	holds('keeps functions short', hasShortFunctions, source, countFunctions);
	holds('documents every export', documentsItsExports, source);
	holds('opens every index.ts with what the folder is', opensWithAComment, doors);
	holds('names the partner of every Atomics call', namesPartnerOfAtomics, source, countAtomics);
	holds('has no default exports', hasNoDefaultExport, source);
	holds('has no any', hasNoAny, [...source, ...tests]);
	holds('does not silence the compiler', silencesNoCompiler, [...source, ...tests]);
	holds('has no drawers', isNamedAfterItsContent, everything);
	holds('waits for events in tests, not for time', waitsForEvents, waiting);
	holds(
		'has documents whose links lead somewhere',
		linksLeadSomewhere((path) => existsSync(ROOT + path)),
		documents,
		(file) => localLinks(file).length,
	);
	holds('pins packages without naming where they come from', namesNoHost, lockFile);
	holds('pins the packages of every platform', isCompleteForEveryPlatform, lockFile);

	it('explains every error code in docs/errors.md, and no other', () => {
		const codes = readFile('src/errors/base.ts');
		const total = declaredCodes(codes).length;
		seen.push(`${String(2).padStart(4)} files, ${String(total).padStart(4)} places: explains every error code`);
		expect(total, 'nothing was looked at').toBeGreaterThan(0);
		expect(compareErrorCodes(codes, readFile('docs/errors.md'))).toEqual([]);
	});

	afterAll(() => console.info(`looked at\n${seen.join('\n')}`));
});
