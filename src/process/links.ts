import { LocalProcess } from './local-process.ts';
import type { ObservedProcess } from './observed-process.ts';
import { OP } from './wire.ts';

/** Sends something about a process to its home. */
export type Tell = (
	process: ObservedProcess,
	op: typeof OP.link | typeof OP.unlink | typeof OP.linked | typeof OP.unlinked,
	other: ObservedProcess,
) => void;

/** Links two processes, wherever they live. Each side does its part, so that the death of one home leaves the other's part done. */
export function link(a: ObservedProcess, b: ObservedProcess, tell: Tell): void {
	if (a === b) return;
	linkOneWay(a, b, tell);
	linkOneWay(b, a, tell);
}

/** Takes a link back, on both sides. */
export function unlink(a: ObservedProcess, b: ObservedProcess, tell: Tell): void {
	if (a === b) return;
	unlinkOneWay(a, b, tell);
	unlinkOneWay(b, a, tell);
}

function linkOneWay(process: ObservedProcess, other: ObservedProcess, tell: Tell): void {
	if (process instanceof LocalProcess) process.linkTo(other);
	else if (process.isAlive) tell(process, other instanceof LocalProcess ? OP.linked : OP.link, other);
}

function unlinkOneWay(process: ObservedProcess, other: ObservedProcess, tell: Tell): void {
	if (process instanceof LocalProcess) process.unlinkFrom(other);
	else tell(process, other instanceof LocalProcess ? OP.unlinked : OP.unlink, other);
}
