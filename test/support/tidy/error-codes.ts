import ts from 'typescript';

import { parse, type SourceFile, walk } from './source-file.ts';

/** Codes of the union `ErrorCode`, in the order of the source. */
export function declaredCodes(source: SourceFile): string[] {
	const codes: string[] = [];
	for (const node of walk(parse(source))) {
		if (!ts.isTypeAliasDeclaration(node) || node.name.text !== 'ErrorCode') continue;
		for (const literal of walk(node.type)) if (ts.isStringLiteral(literal)) codes.push(literal.text);
	}
	return codes;
}

/** Codes with a heading of their own in the documentation. */
export function documentedCodes(documentation: SourceFile): string[] {
	return [...documentation.text.matchAll(/^#+ `?(ERR_COPROC_\w+)`?\s*$/gm)].map(([, code]) => code ?? '');
}

/** Every code has one entry in the documentation, and every entry is about a code that exists. */
export function compareErrorCodes(source: SourceFile, documentation: SourceFile): string[] {
	const declared = declaredCodes(source);
	const documented = documentedCodes(documentation);
	return [
		...declared.filter((code) => !documented.includes(code)).map((code) => `${documentation.path}: no entry for ${code}`),
		...documented.filter((code) => !declared.includes(code)).map((code) => `${documentation.path}: ${code} is in no ErrorCode`),
		...documented
			.filter((code, at) => documented.indexOf(code) !== at)
			.map((code) => `${documentation.path}: ${code} has two entries`),
	];
}
