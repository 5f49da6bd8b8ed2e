/*
 * What does a worker of workerpool do wrong? The same, registered by name.
 */
import workerpool from 'workerpool';

import * as faults from './faults.mjs';

workerpool.worker({ ...faults });
