/*
 * How far a pass has come: a bar that is redrawn in place on a terminal, plain lines elsewhere.
 */
import { formatBytes, formatCount, formatTime, plural } from './format.js';

/** Milliseconds between two drawings of the bar: nobody reads faster. */
const REDRAW = 100;
/** Plain lines: one at each tenth, but not more often than `LINE_MIN` ms and not more seldom than `LINE_MAX` ms. */
const LINE_MIN = 1_000;
const LINE_MAX = 10_000;

const BAR_MAX = 30;
const BAR_MIN = 10;

/**
 * @typedef {object} ProgressState
 * @property {string} label
 * @property {number} files
 * @property {number} totalFiles
 * @property {number} bytes
 * @property {number} totalBytes
 * @property {number} elapsed Milliseconds.
 */

/** @typedef {{ columns: number, color: boolean, unicode: boolean }} Look */

/** @typedef {Pick<NodeJS.WriteStream, 'write'> & Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>} Output */

/**
 * Draws one state of the bar, never wider than the terminal: it gives up the time left, the rate, the files and at last the bar
 * itself.
 *
 * @param {ProgressState} state
 * @param {Look} look
 * @returns {string} One line without its end; colours do not count as width.
 */
export function formatBar(state, { columns, color, unicode }) {
	const done = fraction(state);
	const percent = `${String(Math.floor(done * 100)).padStart(3)} %`;
	const details = [
		`${formatCount(state.files)}/${plural(state.totalFiles, 'file')}`,
		`${formatBytes(rate(state))}/s`,
		timeLeft(state),
	];
	// The last column stays free: some terminals wrap as soon as it is written.
	const room = columns - 1;
	for (let shown = details.length; shown >= 0; shown -= 1) {
		const text = [percent, ...details.slice(0, shown)].filter(Boolean).join('  ');
		const width = Math.min(BAR_MAX, room - state.label.length - text.length - 4);
		if (width >= BAR_MIN) return `${state.label}  ${drawBar(done, width, { color, unicode })}  ${text}`;
	}
	const short = `${state.label} ${percent}`;
	return short.length <= room ? short : percent.trim().slice(0, Math.max(0, room));
}

/**
 * @param {ProgressState} state
 * @returns {string} The same as plain text, without its end.
 */
export function formatLine(state) {
	const parts = [
		`${Math.floor(fraction(state) * 100)} %`,
		`${formatCount(state.files)} of ${plural(state.totalFiles, 'file')}`,
		`${formatBytes(rate(state))}/s`,
		timeLeft(state),
	];
	return `${state.label}: ${parts.filter(Boolean).join(', ')}`;
}

/**
 * Shows the progress of one pass on a stream.
 *
 * @param {{ label: string, totalFiles: number, totalBytes: number }} pass
 * @param {{ output: Output, env?: NodeJS.ProcessEnv, now?: () => number }} options
 */
export function showProgress(pass, { output, env = process.env, now = () => performance.now() }) {
	const start = now();
	const bar = output.isTTY === true && env['TERM'] !== 'dumb';
	const look = { color: !env['NO_COLOR'], unicode: isUnicode(env) };
	const state = { ...pass, files: 0, bytes: 0, elapsed: 0 };
	let shownAt = bar ? Number.NEGATIVE_INFINITY : start;
	let shownTenths = 0;
	let ended = false;

	const draw = () => {
		const line = bar ? formatBar(state, { ...look, columns: output.columns || 80 }) : formatLine(state);
		output.write(bar ? `\r${line}\x1b[K` : `${line}\n`);
		shownAt = start + state.elapsed;
		shownTenths = tenths(state);
	};
	const isDue = () => {
		const since = start + state.elapsed - shownAt;
		if (bar) return since >= REDRAW;
		return since >= LINE_MAX || (since >= LINE_MIN && tenths(state) > shownTenths);
	};
	return {
		/**
		 * One more file is done.
		 *
		 * @param {number} bytes Its size.
		 */
		add(bytes) {
			if (ended) return;
			state.files += 1;
			state.bytes += bytes;
			state.elapsed = now() - start;
			if (isDue()) draw();
		},
		/** Removes the bar; nothing is drawn any more. */
		clear() {
			if (!ended && bar) output.write('\r\x1b[K');
			ended = true;
		},
		/**
		 * Ends the pass with a line that stays.
		 *
		 * @param {number} ms What the pass took.
		 */
		done(ms) {
			this.clear();
			output.write(`${state.label}: ${plural(state.files, 'file')} in ${formatTime(ms)}\n`);
		},
	};
}

/** @param {ProgressState} state */
function fraction({ files, totalFiles, bytes, totalBytes }) {
	// Bytes tell best how much work is left; a tree of empty files has none.
	const done = totalBytes > 0 ? bytes / totalBytes : files / Math.max(1, totalFiles);
	return Math.min(1, done);
}

/** @param {ProgressState} state */
function tenths(state) {
	return Math.floor(fraction(state) * 10);
}

/** @param {ProgressState} state */
function rate({ bytes, elapsed }) {
	return elapsed > 0 ? Math.round((bytes / elapsed) * 1e3) : 0;
}

/** @param {ProgressState} state */
function timeLeft(state) {
	const done = fraction(state);
	// A guess from the first percent would be off by far.
	if (done < 0.02 || done >= 1) return '';
	const seconds = Math.ceil((state.elapsed / done - state.elapsed) / 1e3);
	const text = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
	return `${text} left`;
}

/**
 * @param {number} done
 * @param {number} width
 * @param {{ color: boolean, unicode: boolean }} look
 */
function drawBar(done, width, { color, unicode }) {
	const filled = Math.round(done * width);
	const full = (unicode ? '█' : '#').repeat(filled);
	const empty = (unicode ? '░' : '.').repeat(width - filled);
	return color ? `\x1b[36m${full}\x1b[2m${empty}\x1b[0m` : full + empty;
}

/** @param {NodeJS.ProcessEnv} env */
function isUnicode(env) {
	const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
	return /utf-?8/i.test(locale) || env['WT_SESSION'] !== undefined;
}
