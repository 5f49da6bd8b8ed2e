/*
 * The inventory of the actor post: a worker does its tasks, two warehouses keep what comes out, and a bridge asks them.
 */
import { Bridge } from 'coproc/actor';

import { GetInventory, Task, Warehouse, Worker } from './inventory-actors.mjs';
import { readKind } from '../support/kind.mjs';

const on = { kind: readKind(), module: new URL('./inventory-actors.mjs', import.meta.url) };
const worker = Worker.spawnOn(on, 'double');
const positives = Warehouse.spawnOn(on);
const negatives = Warehouse.spawnOn(on);
const bridge = new Bridge();

for (const value of [1, 2, 3, -2, -4, -6]) {
	worker.send(new Task(value, value >= 0 ? positives : negatives), null);
}

console.log(await bridge.call(positives, new GetInventory(3), 20_000));
console.log(await bridge.call(negatives, new GetInventory(3), 20_000));
console.log(await bridge.stop([worker, positives, negatives], 20_000));
