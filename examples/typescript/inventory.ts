/*
 * The inventory of the actor post, in TypeScript, on every kind: the compiler knows what the reply to GetInventory is.
 */
import { Bridge } from 'coproc/actor';

import { GetInventory, Task, Warehouse, Worker } from './inventory-actors.ts';

const bridge = new Bridge();

for (const kind of ['local', 'thread', 'process'] as const) {
	const worker = Worker.spawnOn(kind, 2);
	const warehouse = Warehouse.spawnOn(kind);
	for (const value of [1, 2, 3]) worker.send(new Task(value, warehouse), null);
	const inventory = await bridge.call(warehouse, new GetInventory(3), 20_000, []);
	console.log(
		kind,
		inventory.reduce((sum, item) => sum + item, 0),
	);
	await bridge.stop([worker, warehouse], 20_000);
}
