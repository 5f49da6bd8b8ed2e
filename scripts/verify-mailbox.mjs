/*
 * Shows that the store of mailboxes is right: its Promela model, and the shipped code with a death at every store (test/model/store).
 */
import { load } from './verify-build.mjs';
import { verifyPromela } from './verify-model.mjs';

/** Sizes and variants of the model that must have no error. The first ones are the quick ones. */
const SOUND = [
	'S=1 N=2 B=1 KILLS=2',
	'S=1 N=3 B=2',
	'S=1 N=2 B=1 RELEASE',
	'S=1 N=2 B=1 PARK',
	'S=2 N=1 B=1',
	'S=1 N=2 R=2 B=1',
	'S=1 N=2 R=2 B=1 PARK',
	'S=2 N=2 B=2 KILLS=0',
	'S=2 N=2 B=2',
];
const QUICK_SOUND = 4;

/** Mutations, each in a variant where it matters. mailbox.pml says what they are. */
const MUTATIONS = [
	'COUNT_FIRST S=1 N=1',
	'WRITE_FIRST S=1 N=2',
	'NO_ROLLBACK S=1 N=2',
	'FORWARD_ROLLBACK S=1 N=1 R=2',
	'NOT_ROBUST S=1 N=2',
	'TWO_COMMITS S=1 N=2',
	'RING_LATE S=2 N=1',
	'NO_SECOND_LOOK S=1 N=1',
	'WORD_LATE S=1 N=1 PARK',
	'NON_STICKY S=1 N=1',
	'SLEEPERS_FORGOTTEN S=1 N=1',
	'NO_ROOM_BELL S=1 N=2 B=1 KILLS=0',
	'COPY_LATE S=1 N=3 B=1',
	'FREE_LATE S=1 N=1',
];

/** @typedef {typeof import('../test/model/store/checks.ts')} Checks */

export async function verifyMailbox(
	/** @type {import('./verify.mjs').Report} */ report,
	/** @type {import('./verify.mjs').Options} */ { quick },
) {
	// Whoever waits stays where it is: the model's own judge looks whether it should.
	const sound = quick ? SOUND.slice(0, QUICK_SOUND) : SOUND;
	await verifyPromela(report, { model: 'mailbox.pml', sound, mutations: MUTATIONS, checkerFlags: ['-E'] });
	/** @type {Checks} */
	const { catchStoreMutation, killAnywhere, loadStore, OPERATIONS, runAllOrders, STORE_MUTATIONS } =
		await load('test/model/store/checks.ts');
	for (const operation of OPERATIONS) {
		await report.check(`store, killed in ${operation.what}`, () => {
			const kills = killAnywhere(loadStore(), operation);
			return { text: `${kills} deaths`, rounds: kills };
		});
	}
	const size = quick ? { sends: 1, receives: 1, stride: 1 } : { sends: 2, receives: 1, stride: 1 };
	await report.check('store, killed in every order of operations', () => {
		const { orders, runs } = runAllOrders(loadStore(), size);
		return { text: `${orders} orders, ${runs.toLocaleString('en')} runs`, schedules: runs };
	});
	for (const mutation of STORE_MUTATIONS) {
		await report.check(`store catches ${mutation.name}`, () => {
			const caught = catchStoreMutation(mutation);
			if (caught === undefined) throw new Error('not caught');
			return { text: caught.slice(0, 100), mutations: 1 };
		});
	}
}
