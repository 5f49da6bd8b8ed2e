/*
 * The helper of a parked thread: reads a pipe that other processes write to, and wakes the thread. It ends with that thread.
 */
import { workerData } from 'node:worker_threads';

import { openSocket } from '../transport/index.ts';
import { type RingerLaunch, wakeThread } from './tree/index.ts';

const { fd, bells, slot } = workerData as RingerLaunch;
const words = new Int32Array(bells);
openSocket({ fd, readable: true, writable: false }).on('data', () => wakeThread(words, slot));
