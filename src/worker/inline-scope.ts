import * as errors from '../errors/index.ts';
import { MultiMessenger, PriorityMessenger, registerType } from '../messenger/index.ts';
import { defineTask, findCurrentCall, stream } from '../rpc/index.ts';
import { BaseWorkerProcess } from './base-worker-process.ts';

const exported = {
	...errors,
	BaseWorkerProcess,
	currentCall: findCurrentCall,
	defineTask,
	MultiMessenger,
	PriorityMessenger,
	registerType,
	stream,
};

/** The names that inline targets find in scope: what coproc exports to workers, also as `coproc`. */
export const inlineScope: Readonly<Record<string, unknown>> = { ...exported, coproc: exported };
