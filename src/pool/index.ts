/*
 * Many workers as one: calls, maps and streams over a pool that replaces its workers, and the seed's plain group, which does not.
 *
 * It knows neither mailboxes nor actors. Its promises:
 * - every call settles, once, whatever dies: calls that a dead worker had not begun move to another one, those that it had reject
 *   with WorkerExitedError, or run again where that was asked for;
 * - no input is read further than workers and consumer keep up with; its `return` is called when it is not read to its end;
 * - nothing waits behind a call that takes long while a worker is free; nothing polls, and an idle pool costs nothing;
 * - disposal leaves nothing.
 *
 * PoolCore gives jobs (CallJob, StreamJob, ChunkJob) to the workers of a Crew; the rules are in dispatch.ts and sizing.ts.
 */
export type { Items } from './item-source.ts';
export type { LatencySummary } from './latency.ts';
export type { MapStream } from './map-results.ts';
export type { SettledItem } from './sink.ts';
export type { MapOptions, MapProgress, PoolImportOptions, WorkerPoolOptions } from './pool-options.ts';
export type { PoolStats, WorkerStats } from './pool-stats.ts';
export { type ItemOf, type Mapped, type MappableName, type ResultOf, WorkerPool } from './worker-pool.ts';
export { WorkerResourcePool } from './worker-resource-pool.ts';
