import type { ItemSource } from './item-source.ts';
import type { Mapper } from './mapper.ts';
import type { MapOptions } from './pool-options.ts';

/** What a MapRun is made of. */
export interface MapOrder {
	readonly mapper: Mapper;
	readonly source: ItemSource;
	readonly options: MapOptions;
}
