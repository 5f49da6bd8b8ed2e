import { registerType } from 'coproc';
import { Any, etc, Exit, Process, spawn, Supervisor, whereis } from 'coproc/process';
import { describe, expect, it } from 'vitest';

import { adopt, endOf, endsEverything, probe } from './support/kinds.ts';

endsEverything();

const MODULE = new URL('../fixtures/process/top-level.js', import.meta.url);
const SENDER = new URL('../fixtures/process/sends-parcels.js', import.meta.url);
const LOOPS = new URL('../fixtures/process/loops-while-loaded.js', import.meta.url);
const NEVER_LOADED = new URL('../fixtures/process/never-loaded.js', import.meta.url);

/** As the class of the fixture, under the name that goes over the wire. */
class Parcel {
	readonly number: number;

	constructor(number: number) {
		this.number = number;
	}
}
registerType<Parcel, number>(Parcel, {
	name: 'test.parcel',
	encode: ({ number }) => number,
	decode: (number) => new Parcel(number),
});

/** A process that modules ask while they are loaded, and that tells `to` who asks. */
function startGate(to: Process): Process {
	const gate = spawn((self) => void self.receive(['loading', Process], (_loading, from) => void to.send('loading', from)), {
		name: 'gate',
	});
	return adopt(gate);
}

describe.each(['thread', 'process'] as const)(
	'a module that uses the tree while it is loaded, kind %s',
	{ timeout: 60_000 },
	(kind) => {
		it('is loaded; what came meanwhile is read by its types and handled in order', async () => {
			const to = probe();
			startGate(to);
			const collector = adopt(spawn(MODULE, { kind, args: [to] }));
			const [, asker] = await to.next(['loading', Process]);
			// All of this comes before the module knows how to read parcels.
			const partner = spawn((self) => void self.receive('crash', () => self.terminate('the partner')));
			collector.send(new Parcel(1));
			collector.link(partner);
			partner.send('crash');
			await partner.wait();
			collector.send(new Parcel(2));
			asker.send('go on', 'was loaded');
			expect(await to.next(etc)).toEqual(['seen', 'go on', 'was loaded']);
			expect(await to.next(etc)).toEqual(['parcel', 1]);
			expect(await to.next(etc)).toEqual(['parcel', 2]);
			expect(await to.next(etc)).toEqual(['told', 'the partner']);
			collector.send('help');
			expect(await to.next(etc)).toEqual(['helped', 42]);
			// The helper of the module, which never ends, does not keep the worker: endsEverything() looks.
			collector.send('return');
			expect(await endOf(collector)).toBeUndefined();
		});

		it('is sent messages from other workers meanwhile, which wait as well', async () => {
			const to = probe();
			startGate(to);
			const sender = adopt(spawn(SENDER, { kind: kind === 'thread' ? 'process' : 'thread', args: [to] }));
			const collector = adopt(spawn(MODULE, { kind, args: [to] }));
			const [, asker] = await to.next(['loading', Process]);
			for (const number of [1, 2]) sender.send(collector, number);
			for (const number of [1, 2]) await to.next(['sent', number]);
			asker.send('go on', 'was loaded');
			for (const number of [1, 2]) expect(await to.next(['parcel', Number])).toEqual(['parcel', number]);
		});

		it.each([
			['ends', 'return', undefined],
			['fails', 'fail', 'as it was told'],
		])('takes what it has made along when its process %s, and everyone is told', async (_how, order, reason) => {
			const to = probe();
			startGate(to);
			const collector = adopt(spawn(MODULE, { kind, args: [to] }));
			const [, asker] = await to.next(['loading', Process]);
			asker.send('go on', 'was loaded');
			await to.next(['seen', etc]);
			const helper = (await whereis('helper')) as Process;
			adopt(
				spawn((self) => {
					self.monitor(helper);
					self.receive([Exit, Process], (exit) => void to.send('ended', (exit.error as Error | undefined)?.message));
				}),
			);
			collector.send(order);
			expect(await to.next(['ended', Any])).toEqual(['ended', reason]);
			expect(await helper.wait()).toBe(true);
			expect(helper.send('anything')).toBe(false);
			await collector.wait();
		});

		it('can be ended by its supervisor while it is being loaded', async () => {
			const to = probe();
			startGate(to);
			const supervisor = adopt(
				await Supervisor.start({ children: [{ target: NEVER_LOADED, options: { kind, name: 'stuck' }, shutdown: 10 }] }),
			);
			const [, asker] = await to.next(['loading', Process]);
			supervisor.terminate();
			expect(await endOf(supervisor)).toBeUndefined();
			expect(await endOf(asker)).toBeInstanceOf(Error);
		});

		it('can be ended by its supervisor while it loops', async () => {
			const supervisor = adopt(await Supervisor.start({ children: [{ target: LOOPS, options: { kind }, shutdown: 300 }] }));
			supervisor.terminate();
			expect(await endOf(supervisor)).toBeUndefined();
		});
	},
);
