import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Calls `action` with a copy of the built package whose node_modules holds everything but koffi. */
export async function withoutKoffi<T>(action: (folder: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'coproc-without-koffi-'));
	try {
		for (const path of ['dist', 'package.json', 'test/fixtures', 'examples']) {
			await cp(join(ROOT, path), join(folder, path), { recursive: true });
		}
		await mkdir(join(folder, 'node_modules'));
		for (const name of await readdir(join(ROOT, 'node_modules'))) {
			if (name === 'koffi' || name === '@koromix' || name.startsWith('.')) continue;
			await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
		}
		return await action(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
