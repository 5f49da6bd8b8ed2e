import * as errors from '../errors/index.ts';
import { MultiMessenger, PriorityMessenger, registerType } from '../messenger/index.ts';
import { BaseWorkerProcess } from './base-worker-process.ts';

const exported = { ...errors, BaseWorkerProcess, MultiMessenger, PriorityMessenger, registerType };

/** The names that inline targets find in scope: what coproc exports to workers, also as `coproc`. */
export const inlineScope: Readonly<Record<string, unknown>> = { ...exported, coproc: exported };
