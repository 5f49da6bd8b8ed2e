/* A process that is the worker's end of a link: descriptor 3 is the bell, 4 the memory; the rest comes in argv, the result goes to stdout. */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';

import { loadLibc } from '../../src/internal/libc.ts';
import { attachMappedRegion } from '../../src/ringbuf/index.ts';
import { SocketStressBell } from './bells.ts';
import { Peer } from './peer.ts';

const BELL_FD = 3;
const MEMORY_FD = 4;

const [ringBytes = 0, seed = 0, records = 0] = process.argv.slice(2).map(Number);
const { libc, reason } = loadLibc();
if (!libc) throw new Error(reason);
// Whatever becomes of the runner, no process of it is left.
libc.dieWithParent();
const region = attachMappedRegion(libc, MEMORY_FD, ringBytes);
const socket = new Socket({ fd: BELL_FD });
const bell = new SocketStressBell(socket);
const result = await new Peer({ region, endpoint: 1, bell, seed, records, mayPark: true }).run();
writeSync(1, JSON.stringify(result));
socket.destroy();
