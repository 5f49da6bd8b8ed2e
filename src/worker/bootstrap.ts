/*
 * The program that every worker starts with: in a process, in a thread, or as the helper thread that owns a process's pipe.
 * It says hello to the host, waits for its order, and runs the target.
 */
import { isMainThread, workerData } from 'node:worker_threads';

import type { ProcessLaunch, RelayLaunch, ThreadLaunch } from '../messenger/index.ts';
import { serveProcess } from './process-worker.ts';
import { runRelay } from './relay-worker.ts';
import { serveThread } from './thread-worker.ts';

// Ctrl-C reaches every process of the terminal: the host closes its workers in order, they must not fall over before.
if (isMainThread) process.on('SIGINT', () => {});

const launch = isMainThread
	? (JSON.parse(process.argv.splice(2, 1)[0] ?? '{}') as ProcessLaunch)
	: (workerData as ThreadLaunch | RelayLaunch);

if (launch.role === 'process') serveProcess(launch);
else if (launch.role === 'thread') serveThread(launch);
else if (launch.role === 'relay') runRelay(launch);
else throw new Error('this program is started by coproc, not by hand');
