/*
 * What does a worker of comlink answer? The same functions, exposed as an object.
 */
import { parentPort } from 'node:worker_threads';

import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';

import { add, echo } from './functions.mjs';

expose({ add: (a, b) => add({ a, b }), echo }, nodeEndpoint(parentPort));
