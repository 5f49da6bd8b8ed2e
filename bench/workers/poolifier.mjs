/*
 * What does a worker of poolifier answer? The same functions, registered by name.
 */
import { ThreadWorker } from 'poolifier';

import { add, echo, same, work } from './functions.mjs';

/** The worker; poolifier needs it made, not exported. */
export const worker = new ThreadWorker({ add, echo, same, work });
