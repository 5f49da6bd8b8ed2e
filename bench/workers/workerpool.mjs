/*
 * What does a worker of workerpool answer? The same functions, registered by name.
 */
import workerpool from 'workerpool';

import { add, echo, same, work } from './functions.mjs';

workerpool.worker({ add: (a, b) => add({ a, b }), echo, same, work });
