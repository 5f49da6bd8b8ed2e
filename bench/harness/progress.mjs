/*
 * How far is it? One line redrawn in place on a terminal; elsewhere a line at each new step.
 */

/** @param {NodeJS.WriteStream} output */
export function showProgress(output) {
	const isTerminal = output.isTTY && process.env['TERM'] !== 'dumb';
	let step = '';
	return {
		/**
		 * @param {string} text What is being done.
		 * @param {string} [detail] How far; only a terminal shows it.
		 */
		show(text, detail = '') {
			if (isTerminal) output.write(`\r${`${text}  ${detail}`.slice(0, (output.columns || 80) - 1)}\x1b[K`);
			else if (text !== step) output.write(`${text}  (after ${Math.round(performance.now() / 1000)} s)\n`);
			step = text;
		},
		/** Makes room for other output. */
		clear() {
			if (isTerminal) output.write('\r\x1b[K');
		},
	};
}
