import { type RelayLaunch, SOCKET_FD } from '../messenger/index.ts';
import { openSocket, Relay } from '../transport/index.ts';

/** Runs the helper thread of a worker process without shared memory. It ends its process when the host is gone. */
export function runRelay({ port, memory, ringBytes }: RelayLaunch): void {
	const socket = openSocket({ fd: SOCKET_FD, readable: true, writable: true });
	const relay = new Relay({
		socket,
		port,
		memory,
		ringBytes,
		// The whole process, whatever it is busy with: a worker must not outlive its host.
		onHostGone: () => process.kill(process.pid, 'SIGKILL'),
	});
	relay.start();
}
