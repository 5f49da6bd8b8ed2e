import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

const VERIFY = fileURLToPath(new URL('../../scripts/verify.mjs', import.meta.url));

it('a ring between threads and between processes loses, tears and doubles nothing, whoever is killed', async () => {
	const runner = spawn(process.execPath, [VERIFY, '--only', 'fuzz,stress', '--seconds', '120'], { stdio: 'inherit' });
	expect(await once(runner, 'exit')).toEqual([0, null]);
});
