/*
 * The picture of the architecture: two programs, what lies between them, and the layers that each message passes.
 */
import { arrow, box, drawing, text } from './drawing.mjs';

const SIZE = { width: 820, height: 446 };
const HOST = 24;
const WORKER = 556;
const PROGRAM_WIDTH = 240;
const MIDDLE = SIZE.width / 2;

/** What stands in each program, from top to bottom: name, and what it does there. */
const HOST_LAYERS = [
	['your program', 'pools, actors, calls'],
	['WorkerResource', 'starts, watches, ends'],
	['messenger', 'channels, requests, priorities'],
	['transport', 'frames, back-pressure'],
];
const WORKER_LAYERS = [
	['your function', 'or your module'],
	['bootstrap', 'loads it, tells its errors'],
	['messenger', 'the same class'],
	['transport', 'the same code'],
];

/** The picture as SVG. */
export function drawArchitecture() {
	const left = HOST + PROGRAM_WIDTH - 12;
	const right = WORKER + 12;
	return drawing(SIZE, 'A host and a worker, connected by two rings in shared memory and a bell', [
		...program(HOST, 'host', 'your Node process', HOST_LAYERS),
		...program(WORKER, 'worker', 'a process or a thread', WORKER_LAYERS),
		text(MIDDLE, 172, 'start, close request, end', 'small faint middle'),
		arrow(left, 182, right, 182),
		arrow(right, 202, left, 202),
		text(MIDDLE, 220, 'exit: told after all that had arrived', 'small faint middle'),
		box('shared', [296, 262], [228, 142]),
		text(MIDDLE, 286, 'one link in shared memory', 'small strong middle'),
		...ring(304, 'ring: 256 KiB', true),
		...ring(344, 'ring: 256 KiB', false),
		text(MIDDLE, 393, 'bell: wakes who sleeps', 'small middle'),
		text(
			MIDDLE,
			SIZE.height - 16,
			'where memory cannot be shared: the same records over a socket or a port',
			'small faint middle',
		),
	]);
}

/** One program with its layers. @type {(x: number, name: string, what: string, layers: string[][]) => string[]} */
function program(x, name, what, layers) {
	const parts = [
		text(x + PROGRAM_WIDTH / 2, 36, name, 'strong middle'),
		text(x + PROGRAM_WIDTH / 2, 56, what, 'small faint middle'),
		`<rect class="line" x="${x}" y="68" width="${PROGRAM_WIDTH}" height="326" rx="10"/>`,
	];
	for (const [index, [title = '', role = '']] of layers.entries()) {
		const y = 82 + index * 78;
		parts.push(box('box', [x + 14, y], [PROGRAM_WIDTH - 28, 62]));
		parts.push(text(x + PROGRAM_WIDTH / 2, y + 27, title, 'middle'));
		parts.push(text(x + PROGRAM_WIDTH / 2, y + 46, role, 'small faint middle'));
	}
	return parts;
}

/** A ring with the direction of its records. @type {(y: number, label: string, goesRight: boolean) => string[]} */
function ring(y, label, goesRight) {
	const left = HOST + PROGRAM_WIDTH - 12;
	const right = WORKER + 12;
	const [from, to] = goesRight ? [left, right] : [right, left];
	return [
		arrow(from, y + 14, goesRight ? 312 : 508, y + 14),
		box('box', [314, y], [192, 28]),
		text(MIDDLE, y + 19, label, 'small middle'),
		arrow(goesRight ? 506 : 314, y + 14, to, y + 14),
	];
}
