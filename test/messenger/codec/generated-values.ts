import fc from 'fast-check';

/** Values without objects inside, with everything that encodings get wrong. */
export const leaves: fc.Arbitrary<unknown> = fc.oneof(
	fc.integer(),
	fc.double(),
	fc.constantFrom(-0, Number.NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 255, 256, 65_535, 65_536, -256, -257),
	fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
	fc.bigInt({ min: -(2n ** 600n), max: 2n ** 600n }),
	fc.string({ maxLength: 40 }),
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 24 }).map((units) => String.fromCharCode(...units)),
	fc.constantFrom(undefined, null, true, false, '', '\ud800', 'x'.repeat(300)),
);

const keys = fc.oneof(
	fc.constantFrom('a', 'b', 'id', 'name', '__proto__', 'constructor', 'length', '0', '7', '-1'),
	fc.string({ maxLength: 12 }),
);

const bytes = fc.uint8Array({ maxLength: 40 });

/** Makes one object; `pick` gives whatever it holds, which may be an object that is made later. */
type Maker = (pick: (index: number) => unknown, target: object) => void;
interface Node {
	readonly create: () => object;
	readonly fill: Maker;
}

const indexes = (maxLength: number): fc.Arbitrary<number[]> => fc.array(fc.nat(), { maxLength });

const containers: fc.Arbitrary<Node> = fc.oneof(
	fc.uniqueArray(keys, { maxLength: 5 }).chain((names) =>
		indexes(5).map(
			(at): Node => ({
				create: () => ({}),
				fill: (pick, target) => names.forEach((name, index) => own(target, name, pick(at[index] ?? index))),
			}),
		),
	),
	fc.tuple(indexes(6), fc.nat({ max: 3 }), fc.option(keys)).map(
		([at, holes, name]): Node => ({
			create: () => [],
			fill: (pick, target) => {
				at.forEach((each, index) => own(target, String(index * (holes + 1)), pick(each)));
				if (holes > 0) (target as unknown[]).length += holes;
				if (name !== null && name !== 'length') own(target, name, pick(at.length));
			},
		}),
	),
	indexes(5).map(
		(at): Node => ({
			create: () => new Map(),
			fill: (pick, target) => at.forEach((each, index) => (target as Map<unknown, unknown>).set(pick(each), pick(each + index))),
		}),
	),
	indexes(5).map(
		(at): Node => ({
			create: () => new Set(),
			fill: (pick, target) => at.forEach((each) => (target as Set<unknown>).add(pick(each))),
		}),
	),
	fc
		.array(fc.double(), { minLength: 14, maxLength: 40 })
		.map((numbers): Node => ({ create: () => [...numbers], fill: () => {} })),
);

const simple: fc.Arbitrary<Node> = fc
	.oneof(
		fc.date({ noInvalidDate: true }).map((date) => () => new Date(date)),
		fc.constantFrom(/a/g, /[^/\n]+/iu).map((pattern) => () => new RegExp(pattern)),
		fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.bigInt()).map((primitive) => () => Object(primitive) as object),
		bytes.map((content) => () => content.slice()),
		bytes.map((content) => () => content.slice().buffer),
		fc.float64Array({ maxLength: 200 }).map((content) => () => content.slice()),
		fc.tuple(bytes, fc.constantFrom(Int8Array, Uint8ClampedArray, Int16Array, Uint32Array, Float32Array)).map(
			([content, Type]) =>
				() =>
					Type.from(content),
		),
		fc.bigInt64Array({ maxLength: 4 }).map((content) => () => content.slice()),
	)
	.map((create): Node => ({ create, fill: () => {} }));

const errorClasses = fc.constantFrom(Error, TypeError, RangeError, SyntaxError);

const failures: fc.Arbitrary<Node> = fc.tuple(errorClasses, fc.string(), indexes(2)).map(([Type, message, at]) => ({
	create: () => new Type(message),
	fill: (pick, target) => {
		if (at[0] !== undefined) Object.defineProperty(target, 'cause', { value: pick(at[0]), writable: true, configurable: true });
		if (at[1] !== undefined) own(target, 'code', pick(at[1]));
	},
}));

/** A view of a buffer that another node of the graph has. */
const sharingViews: fc.Arbitrary<Node> = fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 8 })).map(([offset, length]) => {
	const whole = new Uint8Array(32).fill(offset);
	return { create: () => whole.subarray(offset, offset + length), fill: () => {} };
});

function own(target: object, name: string, value: unknown): void {
	Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function graphOf(nodes: fc.Arbitrary<Node>): fc.Arbitrary<unknown> {
	return fc.tuple(fc.array(nodes, { minLength: 1, maxLength: 12 }), fc.array(leaves, { maxLength: 8 })).map(([made, values]) => {
		const pool: unknown[] = [...made.map((node) => node.create()), ...values];
		made.forEach((node, index) => node.fill((at) => pool[at % pool.length], pool[index] as object));
		// Never at the top: there, of a Uint8Array only its bytes travel.
		return { first: pool[0] };
	});
}

/** Graphs of objects with cycles and shared references, which structuredClone() copies exactly. */
export const cloneableGraphs = graphOf(
	fc.oneof({ weight: 3, arbitrary: containers }, { weight: 2, arbitrary: simple }, sharingViews),
);

/** The same with errors, of which structuredClone() loses a part. */
export const graphsWithErrors = graphOf(
	fc.oneof({ weight: 3, arbitrary: containers }, simple, { weight: 2, arbitrary: failures }),
);
