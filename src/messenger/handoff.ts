import { registerType } from './codec/index.ts';
import { MultiMessenger } from './multi-messenger.ts';
import { describeEnd, openEnd, type PairEnd } from './pair.ts';
import { PriorityMessenger } from './priority-messenger.ts';

/** Lets ends of pairs travel between threads; called by every side that opens a messenger. */
export function registerMessengerEnds(): void {
	for (const Class of [MultiMessenger, PriorityMessenger]) {
		registerType<MultiMessenger, PairEnd>(Class, {
			name: `coproc.${Class.order}-messenger`,
			encode: describeEnd,
			decode: (end) => openEnd(Class, end, true),
		});
	}
}
