/*
 * The ping-pong of the actor post: two actors that answer each other, and a bridge that hears how it went.
 */
import { Bridge } from 'coproc/actor';

import { readKind } from '../support/kind.mjs';
import { Pinger, Ponger, Start } from './ping-pong-actors.mjs';

const on = { kind: readKind(), module: new URL('./ping-pong-actors.mjs', import.meta.url) };
const pinger = Pinger.spawnOn(on);
const ponger = Ponger.spawnOn(on);
const bridge = new Bridge();

console.log(await bridge.call(pinger, new Start(ponger, 10), 20_000));
console.log(await bridge.stop([pinger, ponger], 20_000));
