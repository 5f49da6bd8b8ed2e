import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 90_000 });

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(`${ROOT}docs/mailboxes.md`, 'utf8');
const fences = [...text.matchAll(/^```ts\n([^]*?)^```\n(?:\n```text\n([^]*?)^```)?/gm)].map(([, code = '', output], index) => ({
	name: /^\/\/ ([\w-]+\.ts)\n/.exec(code)?.[1] ?? `program-${index}.ts`,
	code,
	output,
}));

mkdirSync(`${ROOT}.tmp`, { recursive: true });
const folder = mkdtempSync(`${ROOT}.tmp/mailboxes-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const { name, code } of fences) writeFileSync(`${folder}/${name}`, code);

const programs = fences.filter(({ output }) => output !== undefined);

it('docs/mailboxes.md has programs, and says what each of them prints', () => {
	expect(programs.length).toBeGreaterThan(3);
	expect(fences.length - programs.length).toBe(1);
});

describe('docs/mailboxes.md', () => {
	it.each(programs)('$name prints what stands below it', async ({ name, output }) => {
		const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', `${folder}/${name}`], {
			cwd: ROOT,
		});
		expect({ stdout, stderr }).toEqual({ stdout: output, stderr: '' });
	});
});
