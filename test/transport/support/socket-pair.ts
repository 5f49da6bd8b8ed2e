import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach } from 'vitest';

/** Gives tests both ends of sockets of the kernel, which are closed after each test. */
export function socketPairs(): () => Promise<[Socket, Socket]> {
	const opened: Socket[] = [];
	afterEach(() => {
		for (const socket of opened.splice(0)) socket.destroy();
	});
	return async () => {
		const folder = mkdtempSync(join(tmpdir(), 'coproc-socket-'));
		const server = createServer().listen(join(folder, 's'));
		try {
			const connecting = connect(join(folder, 's'));
			const [accepted] = (await once(server, 'connection')) as [Socket];
			opened.push(connecting, accepted);
			return [connecting, accepted];
		} finally {
			server.close();
			rmSync(folder, { recursive: true, force: true });
		}
	};
}
