/*
 * Numbers and names as people read them. No colours, no streams.
 */

/**
 * @param {number} value
 * @returns {string} `1,234,567`
 */
export function formatCount(value) {
	return value.toLocaleString('en-US');
}

/**
 * @param {number} count
 * @param {string} noun Singular, of the kind that takes an s.
 * @returns {string} `1 file`, `2,000 files`
 */
export function plural(count, noun) {
	return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * @param {number} bytes
 * @returns {string} `512 B`, `3.4 kB`, `72.5 MB`; decimal units
 */
export function formatBytes(bytes) {
	if (bytes < 1e3) return `${bytes} B`;
	return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * @param {number} ms
 * @returns {string} `0.4 ms`, `812 ms`, `8.14 s`, `2 min 05 s`
 */
export function formatTime(ms) {
	if (ms < 10) return `${ms.toFixed(1)} ms`;
	if (ms < 999.5) return `${ms.toFixed(0)} ms`;
	if (ms < 59_995) return `${(ms / 1e3).toFixed(2)} s`;
	const seconds = Math.round(ms / 1e3);
	return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/**
 * Makes text from outside (file names, error texts) safe to print: a file name may hold escape sequences that move the cursor
 * or recolour the terminal.
 *
 * @param {string} text
 * @returns {string}
 */
export function printable(text) {
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
		return `\\u{${/** @type {number} */ (character.codePointAt(0)).toString(16)}}`;
	});
}
