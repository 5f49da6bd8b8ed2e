import { constants } from 'node:os';

import { expect, it } from 'vitest';

import { failedCall } from '../../src/internal/libc.ts';

it('a function of the C library that fails is told with the name of the error', () => {
	const { EMFILE } = constants.errno;
	expect(failedCall('pipe2', EMFILE)).toMatchObject({ message: 'pipe2() failed with EMFILE', code: 'EMFILE', errno: -EMFILE });
	expect(failedCall('pipe2', 99_999)).toMatchObject({ message: 'pipe2() failed with errno 99999', code: undefined });
});
