/*
 * The picture of a measurement: how long one call takes, on a logarithmic scale, in the three conditions of the bench.
 */
import { box, drawing, round, text } from './drawing.mjs';
import { linesOf } from './measured.mjs';
import { format } from './table.mjs';

const WIDTH = 820;
const LEFT = 190;
const RIGHT = 700;
const TOP = 86;
const LINE = 30;
/** A number and the room before it. */
const NUMBER = 56;

/** The picture as SVG, of the first three columns of the table. */
export function drawMeasured(/** @type {import('./measured.mjs').Run} */ run) {
	const lines = linesOf(run)
		.map(({ label, values }) => ({ label, idle: values[0], pinned: values[1], busy: values[2] }))
		.filter(({ idle }) => idle !== undefined);
	const all = lines.flatMap(({ idle, pinned, busy }) => [idle, pinned, busy]).filter((value) => value !== undefined);
	const from = Math.floor(Math.log10(Math.min(1, ...all)));
	const to = Math.ceil(Math.log10(Math.max(...all)));
	const place = (/** @type {number} */ value) => round(LEFT + ((Math.log10(value) - from) / (to - from)) * (RIGHT - LEFT));
	const bottom = TOP + lines.length * LINE;
	const size = { width: WIDTH, height: bottom + 52 };
	return drawing(size, 'How long one call and its answer take, in microseconds', [
		text(24, 34, 'One call and its answer, microseconds', 'strong'),
		text(24, 56, 'median; each line to the right is ten times as long', 'small faint'),
		...legend(560, 34),
		...scale(from, to, place, bottom),
		...lines.flatMap((line, index) => drawLine(line, TOP + index * LINE, place)),
		text(
			24,
			size.height - 14,
			`Node ${run.node}, ${run.machine.processor}, ${run.machine.usableCpus} CPUs, commit ${run.commit}`,
			'small faint',
		),
	]);
}

/** @typedef {{ label: string, idle: number | undefined, pinned: number | undefined, busy: number | undefined }} Measured */

/** @type {(line: Measured, y: number, place: (value: number) => number) => string[]} */
function drawLine({ label, idle = 1, pinned, busy }, y, place) {
	const isOwn = label.startsWith('coproc');
	const end = place(idle);
	// The number belongs to the bar: it stands behind the marks only where they leave no room for it.
	const beyond = [pinned, busy].filter((value) => value !== undefined).map(place);
	const isInTheWay = beyond.some((x) => x > end - 8 && x < end + NUMBER);
	return [
		text(LEFT - 12, y + 17, label, isOwn ? 'small strong end' : 'small end'),
		box(isOwn ? 'own' : 'other', [LEFT, y + 4], [round(end - LEFT), LINE - 12]),
		pinned === undefined ? '' : diamond(place(pinned), y + 13),
		busy === undefined ? '' : circle(place(busy), y + 13),
		text((isInTheWay ? Math.max(end, ...beyond) : end) + 14, y + 17, format(idle), isOwn ? 'small strong' : 'small'),
	];
}

/** @type {(from: number, to: number, place: (value: number) => number, bottom: number) => string[]} */
function scale(from, to, place, bottom) {
	return Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index)).flatMap((value) => [
		`<line class="rule" x1="${place(value)}" y1="${TOP - 4}" x2="${place(value)}" y2="${bottom}"/>`,
		text(place(value), TOP - 10, value.toLocaleString('en'), 'small faint middle'),
	]);
}

/** @type {(x: number, y: number) => string[]} */
function legend(x, y) {
	return [
		box('own', [x - 8, y - 11], [20, 12]),
		text(x + 20, y, 'CPUs to spare', 'small'),
		diamond(x + 126, y - 5),
		text(x + 138, y, 'both on one CPU', 'small'),
		circle(x + 126, y + 15),
		text(x + 138, y + 20, 'every CPU busy', 'small'),
	];
}

function diamond(/** @type {number} */ x, /** @type {number} */ y) {
	return `<polygon class="mark" points="${x},${y - 6} ${x + 6},${y} ${x},${y + 6} ${x - 6},${y}"/>`;
}

function circle(/** @type {number} */ x, /** @type {number} */ y) {
	return `<circle class="mark" cx="${x}" cy="${y}" r="5"/>`;
}
