import { describe, expect, it } from 'vitest';

import { Exit, here, Process, RestartLimitError, spawn, Supervisor, whereis } from '../../src/process/index.ts';

/** Children that note when they start and end, by name. */
function family(...names: string[]): {
	log: string[];
	children: { target: (self: Process) => void; options: { name: string } }[];
} {
	const log: string[] = [];
	const target = (self: Process): void => {
		log.push(`+${self.name}`);
		self.receive('crash', () => {
			throw new Error(`${self.name} crashed`);
		});
		self.receive([Exit], () => void log.push(`-${self.name}`));
	};
	return { log, children: names.map((name) => ({ target, options: { name } })) };
}

const find = async (name: string): Promise<Process> => (await whereis(name)) as Process;

/** Resolves when `log` has this many lines. */
async function reaches(log: readonly unknown[], length: number): Promise<void> {
	while (log.length < length) await new Promise(setImmediate);
}

async function end(supervisor: Process): Promise<void> {
	supervisor.terminate();
	await supervisor.wait();
}

describe('Supervisor.start()', () => {
	it.each([
		['oneForOne', ['+b']],
		['oneForAll', ['-c', '-a', '+a', '+b', '+c']],
		['restForOne', ['-c', '+b', '+c']],
	] as const)('restarts with strategy %s', async (strategy, expected) => {
		const { log, children } = family('a', 'b', 'c');
		const supervisor = await Supervisor.start({ strategy, children });
		await reaches(log, 3);
		const crashed = await find('b');
		crashed.send('crash');
		await reaches(log, 3 + expected.length);
		expect(log.slice(3)).toEqual(expected);
		expect(await find('b')).not.toBe(crashed);
		await end(supervisor);
	});

	it('shuts down in reverse order, and leaves nobody', async () => {
		const before = here().table.locals.size;
		const { log, children } = family('a', 'b', 'c');
		const supervisor = await Supervisor.start({ children });
		await reaches(log, 3);
		await end(supervisor);
		expect(log.slice(3)).toEqual(['-c', '-b', '-a']);
		expect(supervisor.error).toBe(undefined);
		expect(here().table.locals.size).toBe(before);
	});

	it('gives up when its intensity is exceeded, after it has stopped all', async () => {
		const before = here().table.locals.size;
		const parent = spawn((self) => void self.receive([Exit, Process], () => {}));
		const crashing = {
			target: () => {
				throw new RangeError('always');
			},
			options: { name: 'bad' },
		};
		const { log, children } = family('good');
		const supervisor = await Supervisor.start({
			name: 'top',
			children: [...children, crashing],
			intensity: { max: 2, within: 60_000 },
			linkTo: parent,
		});
		expect(await supervisor.wait()).toBe(true);
		expect(supervisor.error).toBeInstanceOf(RestartLimitError);
		expect(supervisor.error).toMatchObject({ child: 'bad', cause: new RangeError('always') });
		expect(log).toEqual(['+good', '-good']);
		expect(parent.isAlive).toBe(true);
		expect(here().table.locals.size).toBe(before + 1);
	});

	it.each([
		['transient', undefined, false],
		['transient', 'failed', true],
		['temporary', 'failed', false],
		['permanent', undefined, true],
	] as const)('of a %s child that ends with %s: restarted %s', async (restart, error, isRestarted) => {
		const { log, children } = family('one', 'other');
		const [one, other] = children as [(typeof children)[0], (typeof children)[0]];
		const supervisor = await Supervisor.start({ children: [{ ...one, restart }, other] });
		await reaches(log, 2);
		(await find('one')).terminate(error);
		// The second end comes after the first was dealt with.
		(await find('other')).send('crash');
		await reaches(log, isRestarted ? 5 : 4);
		expect(log.slice(2).filter((line) => line === '+one')).toHaveLength(isRestarted ? 1 : 0);
		await end(supervisor);
	});

	it('does not start a child again that was left, when the others are restarted', async () => {
		const { log, children } = family('left', 'other');
		const [left, other] = children as [(typeof children)[0], (typeof children)[0]];
		const supervisor = await Supervisor.start({ strategy: 'oneForAll', children: [{ ...left, restart: 'transient' }, other] });
		await reaches(log, 2);
		(await find('left')).terminate();
		await reaches(log, 3);
		(await find('other')).send('crash');
		await reaches(log, 4);
		await end(supervisor);
		expect(log).toEqual(['+left', '+other', '-left', '+other', '-other']);
	});

	it('ends by force a child that does not end in time', async () => {
		const children = [
			{
				target: (self: Process) => void self.receive('stick', () => new Promise(() => {})),
				options: { name: 'stuck' },
				shutdown: 1,
			},
		];
		const supervisor = await Supervisor.start({ children });
		const stuck = await find('stuck');
		stuck.send('stick');
		await end(supervisor);
		expect(stuck.isAlive).toBe(false);
		expect(supervisor.error).toBe(undefined);
	});

	it('keeps a tree of depth 3 at full strength under random ends, and takes all of it down', async () => {
		const before = here().table.locals.size;
		const intensity = { max: 1e6, within: 1 };
		const names: string[] = [];
		const level = (prefix: string, depth: number): { target: (self: Process) => void; options: { name: string } } => {
			names.push(prefix);
			const children = depth === 0 ? [] : [0, 1, 2].map((n) => level(`${prefix}.${n}`, depth - 1));
			const leaf = (): void => {};
			return {
				target: depth === 0 ? leaf : Supervisor.of({ strategy: 'oneForAll', children, intensity }),
				options: { name: prefix },
			};
		};
		const { target } = level('tree', 3);
		const top = spawn(target);
		const whole = async (): Promise<boolean> => (await Promise.all(names.slice(1).map(whereis))).every((each) => each?.isAlive);
		const untilWhole = async (): Promise<void> => {
			while (!(await whole()) || here().table.locals.size !== before + names.length) await new Promise(setImmediate);
		};
		await untilWhole();
		for (let round = 0; round < 100; round += 1) {
			const victim = await whereis(names[1 + ((round * 7919) % (names.length - 1))] as string);
			victim?.terminate(new Error(`round ${round}`));
			if (round % 10 === 9) await untilWhole();
		}
		await end(top);
		expect(here().table.locals.size).toBe(before);
	});

	it.each([
		[{ strategy: 'all', children: [] }, /strategy/],
		[{ children: 'none' }, /children/],
		[{ children: [], intensity: { max: -1, within: 1 } }, /intensity/],
		[{ children: [{ target: () => {}, restart: 'sometimes' }] }, /restart/],
	])('refuses %o', async (options, text) => {
		await expect(Supervisor.start(options as never)).rejects.toThrow(text);
	});
});
