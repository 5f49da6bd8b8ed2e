/*
 * bocpy's calculator: clients in threads and processes send operations to one tag, a server takes them until they fall silent.
 *
 * The host only starts everybody. Nothing that the clients say passes through it.
 */
import { WorkerResource } from 'coproc';

const CLIENTS = ['thread', 'process', 'thread', 'process'];
const start = (backend, role, ...args) =>
	WorkerResource.start(new URL('./roles.mjs', import.meta.url), { backend, export: role, name: role }, ...args);

// The clients are faster than the server: what they send waits for it.
const clients = await Promise.all(CLIENTS.map((backend, id) => start(backend, 'client', id)));
const server = await start('thread', 'server', { clients: CLIENTS.length, timeout: 2000 });
try {
	await Promise.all(clients.map((client) => client.exited));
	await server.exited;
} finally {
	for (const worker of [...clients, server]) await worker[Symbol.asyncDispose]();
}
