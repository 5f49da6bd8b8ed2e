import type { Process } from './process.ts';

/*
 * What threads of a tree say to each other. A frame has a header of four words (what it says, about which process of the
 * receiver, to which home, from which) and a value.
 */

/** What a frame says. Those in the second group go to the root, those in the third come from it. */
export type Op = (typeof OP)[keyof typeof OP];

/** The numbers of what a frame says. */
export const OP = {
	/** A message for the process. Value: its parts. */
	send: 1,
	/** The sender's home has a handle of the process and wants to be told of its end. */
	watch: 2,
	/** It has none any more. */
	unwatch: 3,
	/** A process of the sender has ended. Value: {@link Ended}. */
	ended: 4,
	/** The process in the value is linked to the process from now on. */
	linked: 5,
	/** It is not any more. */
	unlinked: 6,
	/** The process is to link itself to the one in the value, to unlink itself, to monitor it. */
	link: 7,
	unlink: 8,
	monitor: 9,
	/** The process is to end at once, whatever it is doing. Value: why. */
	end: 10,

	/** This is the home of the sender. Value: {@link Hello}. */
	hello: 32,
	/** Start a worker. Value: a SpawnOrder. */
	spawn: 33,
	/** The process in the value has a name. */
	register: 34,
	/** Who has the name? Value: {@link Question}. */
	whereis: 35,
	/** End the worker that is the home of the process in the value, by force. */
	kill: 36,
	/** The last process of the sender has ended; it waits for `left`. Value: {@link Leaving}. */
	leaving: 37,

	/** A worker, the home that the frame says it comes from, is gone. Value: {@link Gone}. */
	gone: 64,
	/** Value: {@link Answer}. */
	found: 65,
	/** A worker has started. Value: {@link Started}. */
	started: 66,
	/** The root passes nothing more on to the receiver: it answers for its processes itself. */
	left: 67,
} as const;

/** What a worker says that joins the tree. */
export interface Hello {
	/** Whether it takes the frames from its inbox itself. */
	readonly listens: boolean;
}

/** How a process ended. */
export interface Ended {
	readonly serial: number;
	readonly error: unknown;
}

/** How a worker ended with processes in it. */
export interface Gone {
	readonly home: number;
	/** How its first process ended. */
	readonly first: { readonly error: unknown } | undefined;
	/** Why its other processes ended, of those that have not said it themselves; undefined when that is not known any more. */
	readonly error: unknown;
}

/** What a worker that ends in order says of its processes. */
export interface Leaving {
	/** Processes from this number on that are not among the failures ended normally. */
	readonly since: number;
	readonly failures: readonly (readonly [serial: number, error: unknown])[];
}

/** A worker that was asked for has started. */
export interface Started {
	readonly home: number;
	readonly pid: number | undefined;
}

/** Asks for the process of a name. */
export interface Question {
	readonly id: number;
	readonly name: string;
}

/** The process of a name. */
export interface Answer {
	readonly id: number;
	readonly process: Process | undefined;
}
