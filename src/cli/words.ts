/** `1,234,567` */
export function countText(value: number): string {
	return Math.round(value).toLocaleString('en-US');
}

/** `1 item`, `2,000 items`, `2 processes`. */
export function plural(count: number, noun: string): string {
	return `${countText(count)} ${noun}${count === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`;
}

/** `812 ms`, `8.1 s`, `2 min 05 s`, `3 h 07 min`. */
export function timeText(ms: number): string {
	if (ms < 999.5) return `${Math.round(ms)} ms`;
	if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
	const seconds = Math.round(ms / 1000);
	if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
	return `${Math.floor(seconds / 3600)} h ${pad(Math.floor((seconds % 3600) / 60))} min`;
}

function pad(value: number): string {
	return String(value).padStart(2, '0');
}

/** Makes text from outside safe to print: it may hold sequences that move the cursor or recolour the terminal. Line feeds stay. */
export function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) =>
		character === '\n' || character === '\t' ? character : `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
	);
}

/** The beginning of an item's text, in quotes and one line, to tell which one it was. */
export function itemText(text: string): string {
	return printable(JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text));
}
