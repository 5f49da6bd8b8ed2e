import { StringDecoder } from 'node:string_decoder';

import { RunError } from './usage.ts';

/** Characters of one line that are taken; an input without line feeds would fill the memory. */
export const MAX_LINE = 256 * 1024 * 1024;

/**
 * Splits text into its lines, without their ends (`\n` or `\r\n`) and without a byte order mark. Gives the lines of one chunk at a
 * time, and holds that and one line, whatever the size of the input. Bytes that are not UTF-8 become U+FFFD.
 *
 * Throws RunError for a line that is too long.
 */
export async function* linesOf(
	name: string,
	chunks: AsyncIterable<Uint8Array>,
	maxLine = MAX_LINE,
): AsyncGenerator<string[], void, undefined> {
	const decoder = new StringDecoder('utf8');
	let count = 0;
	// Joined once the line is over: adding to a text again and again would make a chain of a thousand parts.
	let parts: string[] = [];
	let length = 0;
	let isFirst = true;
	for await (const chunk of chunks) {
		let text = decoder.write(chunk);
		if (text === '') continue;
		if (isFirst && text.startsWith('\uFEFF')) text = text.slice(1);
		isFirst = false;
		const lines = text.split('\n');
		const rest = lines.pop() as string;
		if (lines.length > 0) {
			lines[0] = parts.join('') + lines[0];
			parts = [];
			length = 0;
			count += lines.length;
			yield lines.map(withoutReturn);
		}
		parts.push(rest);
		length += rest.length;
		if (length > maxLine) throw new RunError(`line ${count + 1} of ${name} has more than ${maxLine} characters`);
	}
	const last = parts.join('') + decoder.end();
	if (last !== '') yield [withoutReturn(last)];
}

function withoutReturn(line: string): string {
	return line.endsWith('\r') ? line.slice(0, -1) : line;
}
