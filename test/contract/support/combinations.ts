import { MultiMessenger, PriorityMessenger } from 'coproc';

/** A backend and a transport; what must hold for one must hold for all. */
export interface Combination {
	readonly name: string;
	readonly backend: 'process' | 'thread';
	readonly transport: 'ring' | 'pipe';
	/** What `resource.transport.kind` says then. */
	readonly kind: 'ring' | 'pipe' | 'port';
}

export const PROCESS_RING: Combination = { name: 'process-ring', backend: 'process', transport: 'ring', kind: 'ring' };
export const PROCESS_PIPE: Combination = { name: 'process-pipe', backend: 'process', transport: 'pipe', kind: 'pipe' };
export const THREAD_RING: Combination = { name: 'thread-ring', backend: 'thread', transport: 'ring', kind: 'ring' };
export const THREAD_PORT: Combination = { name: 'thread-port', backend: 'thread', transport: 'pipe', kind: 'port' };

export const COMBINATIONS: readonly Combination[] = [PROCESS_RING, PROCESS_PIPE, THREAD_RING, THREAD_PORT];
export const PROCESSES: readonly Combination[] = [PROCESS_RING, PROCESS_PIPE];
export const THREADS: readonly Combination[] = [THREAD_RING, THREAD_PORT];

/** The messengers by name. A PriorityMessenger is a MultiMessenger. */
export const MESSENGERS: readonly (readonly [name: string, Messenger: typeof MultiMessenger])[] = [
	['PriorityMessenger', PriorityMessenger],
	['MultiMessenger', MultiMessenger],
];
