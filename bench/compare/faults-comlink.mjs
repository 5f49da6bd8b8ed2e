/*
 * What does a worker of comlink do wrong? The same, exposed as an object.
 */
import { parentPort } from 'node:worker_threads';

import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';

import * as faults from './faults.mjs';

expose({ ...faults }, nodeEndpoint(parentPort));
