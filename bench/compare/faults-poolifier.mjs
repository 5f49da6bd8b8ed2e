/*
 * What does a worker of poolifier do wrong? The same, registered by name.
 */
import { ThreadWorker } from 'poolifier';

import * as faults from './faults.mjs';

/** The worker; poolifier needs it made, not exported. */
export const worker = new ThreadWorker({ ...faults });
