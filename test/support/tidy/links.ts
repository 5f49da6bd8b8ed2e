import { posix } from 'node:path';

import type { Rule, SourceFile } from './source-file.ts';

/** Where the links of a Markdown file lead that stay in the repository, relative to its root. Code blocks hold none. */
export function localLinks(file: SourceFile): { target: string; line: number }[] {
	const prose = file.text.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ''));
	return prose.split('\n').flatMap((text, index) =>
		[...text.matchAll(/\]\(([^)\s#]+)(#[^)\s]*)?\)/g)]
			.map(([, href = '']) => href)
			.filter((href) => !/^\w+:/.test(href))
			.map((href) => ({ target: posix.join(posix.dirname(file.path), href), line: index + 1 })),
	);
}

/** A link leads to a file or folder that is there. */
export function linksLeadSomewhere(exists: (path: string) => boolean): Rule {
	return (file) =>
		localLinks(file)
			.filter(({ target }) => !exists(target))
			.map(({ target, line }) => `${file.path}:${line}: leads to ${target}, which is not there`);
}
