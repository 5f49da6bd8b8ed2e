/*
 * What does a bare thread do with its share of the tasks? All of it, one after the other.
 */
import { parentPort } from 'node:worker_threads';

import { TASKS } from './functions.mjs';

parentPort.on('message', ({ name, items }) => parentPort.postMessage(items.map((item) => TASKS[name](item))));
