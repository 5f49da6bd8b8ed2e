import { describe, expect, it } from 'vitest';

import { namesPartnerOfAtomics } from './support/tidy/atomics.ts';
import { documentsItsExports, opensWithAComment } from './support/tidy/documentation.ts';
import { compareErrorCodes } from './support/tidy/error-codes.ts';
import { hasNoAny, hasNoDefaultExport, isNamedAfterItsContent, silencesNoCompiler } from './support/tidy/language.ts';
import { importsOnlyLowerLayers, LAYERS } from './support/tidy/layers.ts';
import { linksLeadSomewhere } from './support/tidy/links.ts';
import { isCompleteForEveryPlatform, namesNoHost } from './support/tidy/lock-file.ts';
import { hasShortFunctions, isShortFile } from './support/tidy/size.ts';
import { waitsForEvents } from './support/tidy/sleeps.ts';
import type { Rule, SourceFile } from './support/tidy/source-file.ts';

/** A text that a rule must catch or let pass, and the path it pretends to have. */
type Case = readonly [sentence: string, path: string, text: string];

function control(name: string, rule: Rule, cases: { catches: readonly Case[]; allows: readonly Case[] }): void {
	describe(name, () => {
		it.each(cases.catches)('catches %s', (_sentence, path, text) => {
			const violations = rule({ path, text });
			expect(violations).toHaveLength(1);
			expect(violations[0]).toContain(path);
		});
		it.each(cases.allows)('allows %s', (_sentence, path, text) => expect(rule({ path, text })).toEqual([]));
	});
}

const lines = (count: number): string => 'call();\n'.repeat(count);
const documentation = (text: string): SourceFile => ({ path: 'errors.md', text });

control('importsOnlyLowerLayers()', importsOnlyLowerLayers, {
	catches: [
		['an upward import', 'src/ringbuf/ring.ts', "import { Messenger } from '../messenger/index.ts';"],
		['an upward import of a type', 'src/ringbuf/ring.ts', "import type { Messenger } from '../messenger/index.ts';"],
		['an upward type written in place', 'src/ringbuf/ring.ts', "let m: import('../messenger/index.ts').Messenger;"],
		['an upward dynamic import', 'src/transport/pipe.ts', "await import('../resource/index.ts');"],
		['an upward re-export', 'src/errors/index.ts', "export { assert } from '../internal/assert.ts';"],
		['the host side importing the worker side', 'src/resource/start.ts', "import { boot } from '../worker/index.ts';"],
		['the worker side importing the host side', 'src/worker/bootstrap.ts', "import { start } from '../resource/index.ts';"],
		['a pool importing an actor', 'src/pool/pool.ts', "import { Actor } from '../actor/index.ts';"],
		['an import past the door', 'src/transport/ring.ts', "import { TAIL } from '../ringbuf/layout.ts';"],
		['an import through an inner door', 'src/rpc/call.ts', "import { encode } from '../messenger/codec/index.ts';"],
		['an import past the door of an inner folder', 'src/messenger/messenger.ts', "import { encode } from './codec/encode.ts';"],
		['an import of the front door', 'src/pool/pool.ts', "import { WorkerResource } from '../index.ts';"],
		['an import of a test', 'src/pool/pool.ts', "import { fake } from '../../test/support/fake.ts';"],
		['an import without its ending', 'src/pool/pool.ts', "import { queue } from './queue';"],
		['a folder that is in no layer', 'src/extras/thing.ts', 'export {};'],
	],
	allows: [
		['a lower layer through its door', 'src/transport/ring.ts', "import { RingReader } from '../ringbuf/index.ts';"],
		['a file of internal', 'src/ringbuf/region.ts', "import { loadLibc } from '../internal/libc.ts';"],
		['a file of the same folder', 'src/ringbuf/region.ts', "import { TAIL } from './layout.ts';"],
		['an inner folder through its door', 'src/messenger/messenger.ts', "import { encode } from './codec/index.ts';"],
		['an inner file using the folder around it', 'src/messenger/codec/encode.ts', "import { Tag } from '../envelope.ts';"],
		['packages and modules of Node', 'src/resource/start.ts', "import { execa } from 'execa'; import fs from 'node:fs';"],
		['the front door importing everything', 'src/index.ts', "export { Actor } from './actor/index.ts';"],
	],
});

describe('LAYERS', () => {
	it('has no two folders that may import each other', () => {
		const pairs = Object.entries(LAYERS).flatMap(([from, allowed]) => allowed.map((to) => [from, to] as const));
		expect(pairs.length).toBeGreaterThan(0);
		expect(pairs.filter(([from, to]) => LAYERS[to]?.includes(from))).toEqual([]);
	});

	it('allows only folders that have a line of their own', () => {
		expect(Object.values(LAYERS).flat()).toSatisfy((names: string[]) => names.every((name) => name in LAYERS));
	});
});

control('isShortFile()', isShortFile, {
	catches: [['301 lines', 'src/a.ts', lines(301)]],
	allows: [['300 lines', 'src/a.ts', lines(300)]],
});

control('hasShortFunctions()', hasShortFunctions, {
	catches: [
		['a function of 71 lines', 'src/a.ts', `function f() {\n${lines(69)}}`],
		['an arrow function', 'src/a.ts', `const f = () => {\n${lines(69)}};`],
		['a method', 'src/a.ts', `class A {\n\tm() {\n${lines(69)}}\n}`],
		['a getter', 'src/a.ts', `class A {\n\tget m() {\n${lines(69)}}\n}`],
		['a constructor', 'src/a.ts', `class A {\n\tconstructor() {\n${lines(69)}}\n}`],
	],
	allows: [
		['a function of 70 lines', 'src/a.ts', `function f() {\n${lines(68)}}`],
		['a long class of short methods', 'src/a.ts', `class A {\n${'\tm() {\n\t}\n'.repeat(60)}}`],
		['a long interface', 'src/a.ts', `interface A {\n${'\tm(): void;\n'.repeat(100)}}`],
	],
});

control('documentsItsExports()', documentsItsExports, {
	catches: [
		['a bare function', 'src/a.ts', 'export function f() {}'],
		['a bare class', 'src/a.ts', 'export class A {}'],
		['a bare type', 'src/a.ts', 'export type A = string;'],
		['a bare interface', 'src/a.ts', 'export interface A {}'],
		['a bare constant', 'src/a.ts', 'export const A = 1;'],
		['an ordinary comment', 'src/a.ts', '// Does it.\nexport function f() {}'],
		['a bare constant after a captioned group', 'src/a.ts', '/** Words. */\nexport const A = 1;\n\nexport const B = 2;'],
		['an export by list', 'src/a.ts', 'class A {}\nexport { A };'],
		['an export by list under another name', 'src/a.ts', 'class A {}\nexport { A as B };'],
	],
	allows: [
		['TSDoc', 'src/a.ts', '/** Does it. */\nexport function f() {}'],
		[
			'one comment over a group of constants',
			'src/a.ts',
			'/** Words. */\nexport const A = 1;\nexport const B = 2;\nexport const C = 3;',
		],
		[
			'the values of a type under it',
			'src/a.ts',
			'/** A state. */\nexport type S = 0 | 1;\nexport const A = 0;\nexport const B = 1;',
		],
		['a re-export', 'src/a.ts', "export { A } from './b.ts';"],
		['what is not exported', 'src/a.ts', 'function f() {}'],
	],
});

control('opensWithAComment()', opensWithAComment, {
	catches: [
		['no comment', 'src/a/index.ts', "export { A } from './a.ts';"],
		['a short one', 'src/a/index.ts', "/*\n * The folder.\n */\nexport { A } from './a.ts';"],
		['one that comes later', 'src/a/index.ts', "export { A } from './a.ts';\n/*\n * 1\n * 2\n * 3\n */"],
	],
	allows: [['four lines', 'src/a/index.ts', "/*\n * What.\n * What not.\n */\nexport { A } from './a.ts';"]],
});

control('namesPartnerOfAtomics()', namesPartnerOfAtomics, {
	catches: [
		['a call without a comment', 'src/a.ts', 'Atomics.store(words, TAIL, tail);'],
		['a comment that names nobody', 'src/a.ts', '// Publishes.\nAtomics.store(words, TAIL, tail);'],
		[
			'a comment too far above',
			'src/a.ts',
			'// Pairs with the load in read().\na();\nb();\nc();\nAtomics.store(words, TAIL, tail);',
		],
		['a comment below', 'src/a.ts', 'Atomics.store(words, TAIL, tail);\n// Pairs with the load in read().'],
		['a string that looks like a comment', 'src/a.ts', 'const s = `\n// pairs with`; Atomics.store(words, TAIL, s);'],
	],
	allows: [
		['a comment above', 'src/a.ts', '// Pairs with the load in read().\nAtomics.store(words, TAIL, tail);'],
		['a comment on the line', 'src/a.ts', 'Atomics.store(words, TAIL, tail); // wakes park()'],
		[
			'a comment above the function',
			'src/a.ts',
			'/** Pairs with store(). */\nfunction f() {\n\ta();\n\tb();\n\tc();\n\tAtomics.load(w, 0);\n}',
		],
	],
});

control('hasNoDefaultExport()', hasNoDefaultExport, {
	catches: [
		['a default function', 'src/a.ts', 'export default function f() {}'],
		['a default expression', 'src/a.ts', 'export default 1;'],
		['a renamed one', 'src/a.ts', 'const a = 1;\nexport { a as default };'],
	],
	allows: [
		['a named export', 'src/a.ts', 'export const a = 1;'],
		['a default branch', 'src/a.ts', 'switch (a) {\n\tdefault:\n}'],
	],
});

control('hasNoAny()', hasNoAny, {
	catches: [
		['a parameter', 'src/a.ts', 'function f(x: any) {}'],
		['an assertion', 'test/a.test.ts', 'f(x as any);'],
	],
	allows: [['the word in a text', 'src/a.ts', "// any\nconst a: unknown = 'any';"]],
});

control('silencesNoCompiler()', silencesNoCompiler, {
	catches: [
		['an ignored line', 'src/a.ts', '// @ts-ignore\nf();'],
		['an unchecked file', 'src/a.ts', '// @ts-nocheck\nf();'],
		['an ignored line inside a function', 'test/a.test.ts', 'it(() => {\n\t// @ts-ignore\n\tf();\n});'],
		['an expected error in source', 'src/a.ts', '// @ts-expect-error: known\nf();'],
	],
	allows: [
		['an expected error in a test', 'test/types/a.ts', '// @ts-expect-error: a number is refused\nf(1);'],
		['the words in a string', 'src/a.ts', "f('// @ts-ignore');"],
	],
});

control('isNamedAfterItsContent()', isNamedAfterItsContent, {
	catches: [
		['a drawer file', 'src/pool/utils.ts', ''],
		['a drawer folder', 'src/helpers/pad.ts', ''],
		['a drawer in the tests', 'test/support/common.ts', ''],
		['a file for types', 'src/rpc/types.ts', ''],
	],
	allows: [
		['a name', 'src/pool/task-queue.ts', ''],
		['the folder of type tests', 'test/types/remote.test-d.ts', ''],
	],
});

const PROMISES = "import { setTimeout as sleep } from 'node:timers/promises';";

control('waitsForEvents()', waitsForEvents, {
	catches: [
		['a promise that a timer resolves', 'test/a.test.ts', 'await new Promise((resolve) => setTimeout(resolve, 50));'],
		['the same through a function', 'test/a.test.ts', 'await new Promise((done) => {\n\tsetTimeout(() => done(), 10);\n});'],
		['a timer of timers/promises', 'test/a.test.ts', `${PROMISES}\nawait sleep(100);`],
		['a sleep of any length', 'test/a.test.ts', 'const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));'],
	],
	allows: [
		[
			'a turn of the event loop',
			'test/a.test.ts',
			`${PROMISES}\nawait sleep(0);\nawait new Promise((resolve) => setTimeout(resolve, 1));`,
		],
		['a limit', 'test/a.test.ts', 'await new Promise((_resolve, reject) => setTimeout(() => reject(new Error()), 5000));'],
		['a timer that is the subject', 'test/a.test.ts', 'setTimeout(() => controller.abort(), 50);'],
	],
});

const onlyErrors = linksLeadSomewhere((path) => path === 'docs/errors.md');

control('linksLeadSomewhere()', onlyErrors, {
	catches: [
		['a link to nothing', 'README.md', 'See [calls](docs/calls.md).'],
		['a link that forgets its folder', 'docs/start.md', 'See [errors](docs/errors.md#timeouts).'],
	],
	allows: [
		['a link to a file', 'README.md', 'See [errors](docs/errors.md) and [one](docs/errors.md#one).'],
		['a link from the same folder', 'docs/start.md', 'See [errors](errors.md).'],
		['the web', 'README.md', 'See [Node](https://nodejs.org).'],
		['code', 'README.md', '```js\nhandlers[name](value)\n```'],
	],
});

control('namesNoHost()', namesNoHost, {
	catches: [['a resolved address', 'package-lock.json', '{\n"resolved": "https://packages.example/a.tgz"\n}']],
	allows: [['a checksum', 'package-lock.json', '{\n"integrity": "sha512-abc"\n}']],
});

const TWO_PLATFORMS = '"node_modules/tool": { "optionalDependencies": { "tool-linux": "1.0.0", "tool-darwin": "1.0.0" } }';

control('isCompleteForEveryPlatform()', isCompleteForEveryPlatform, {
	catches: [
		['a platform without an entry', 'package-lock.json', `{ "packages": { ${TWO_PLATFORMS}, "node_modules/tool-linux": {} } }`],
	],
	allows: [
		[
			'entries at the top and inside the package',
			'package-lock.json',
			`{ "packages": { ${TWO_PLATFORMS}, "node_modules/tool-linux": {}, "node_modules/tool/node_modules/tool-darwin": {} } }`,
		],
	],
});

describe('compareErrorCodes()', () => {
	const source = { path: 'base.ts', text: "export type ErrorCode =\n\t| 'ERR_COPROC_A'\n\t| 'ERR_COPROC_B';" };

	it('allows one entry for each code', () => {
		expect(compareErrorCodes(source, documentation('## `ERR_COPROC_A`\n\n## ERR_COPROC_B\n'))).toEqual([]);
	});

	it.each([
		['a code without an entry', '## `ERR_COPROC_A`\n\nSee ERR_COPROC_B.\n', 'errors.md: no entry for ERR_COPROC_B'],
		[
			'an entry without a code',
			'## ERR_COPROC_A\n## ERR_COPROC_B\n## ERR_COPROC_C\n',
			'errors.md: ERR_COPROC_C is in no ErrorCode',
		],
		['a second entry', '## ERR_COPROC_A\n## ERR_COPROC_B\n## ERR_COPROC_A\n', 'errors.md: ERR_COPROC_A has two entries'],
	])('catches %s', (_sentence, text, violation) => {
		expect(compareErrorCodes(source, documentation(text))).toEqual([violation]);
	});
});
