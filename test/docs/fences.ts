/** Languages of fences that are run. */
const CODE = ['ts', 'js'];
/** Languages of fences that are shown: output, commands, files of other programs, other languages. */
const SHOWN = ['', 'text', 'sh', 'json', 'yaml', 'python'];

/** A fence of a document, by its first line. */
export interface Fence {
	readonly language: string;
	readonly text: string;
	/** Where it opens, counted from 1. */
	readonly line: number;
}

/** A file that a document shows: a program to run, or a module beside the programs. */
export interface ShownFile {
	readonly name: string;
	readonly text: string;
	readonly line: number;
	/** What it prints, as the document says; undefined when it is not run. */
	readonly output: string | undefined;
}

/** The fences of a Markdown file, in order. */
export function fencesOf(markdown: string): Fence[] {
	return [...markdown.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map((match) => ({
		language: (match[1] ?? '').trim(),
		text: match[2] ?? '',
		line: markdown.slice(0, match.index).split('\n').length,
	}));
}

/**
 * The files of a document. A fence marked `ts` or `js` is a program, and a `text` fence right below is what it prints. If its first
 * line is a comment with a file name (`// jobs.ts`), it is that file, and is run only if it has an output. `isQuotation` says which
 * fences are taken from elsewhere, where they are run.
 *
 * Throws for a fence of a language that it does not know: an example must not escape by its mark.
 */
export function filesOf(markdown: string, isQuotation: (text: string) => boolean): ShownFile[] {
	const fences = fencesOf(markdown);
	const unknown = fences.find(({ language }) => !CODE.includes(language) && !SHOWN.includes(language));
	if (unknown) throw new Error(`line ${unknown.line}: fence of an unknown language: \`${unknown.language}\``);
	return fences.flatMap((fence, index) => {
		const { language, text, line } = fence;
		if (!CODE.includes(language) || isQuotation(text)) return [];
		const name = /^\/\/ ([\w-]+\.m?[jt]s)\n/.exec(text)?.[1];
		const below = fences[index + 1];
		const output = below?.language === 'text' && isRightBelow(markdown, fence, below) ? below.text : undefined;
		const unnamed = `line-${line}.${language === 'ts' ? 'ts' : 'mjs'}`;
		return [{ name: name ?? unnamed, text, line, output: name ? output : (output ?? '') }];
	});
}

/** True when every line of `text` stands in `source`, in the same order, however far it is indented. */
export function isQuotedFrom(source: string, text: string): boolean {
	const lines = source.split('\n').map((line) => line.trim());
	let from = 0;
	return text
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean)
		.every((line) => {
			from = lines.indexOf(line, from) + 1;
			return from > 0;
		});
}

/** True when nothing but empty lines lies between two fences. */
function isRightBelow(markdown: string, above: Fence, below: Fence): boolean {
	const length = above.text.split('\n').length - 1;
	const between = markdown.split('\n').slice(above.line + length + 1, below.line - 1);
	return between.every((line) => line.trim() === '');
}
