/*
 * Makes the reference from the comments in src: one page for each entry of the package and each thing that it exports.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { Application, ReflectionKind } from 'typedoc';

/**
 * Writes the pages into `out`. Throws when typedoc finds an error, or a link in a comment that leads nowhere.
 *
 * @param {string} root of the repository
 * @param {string} out
 */
export async function makeReference(root, out) {
	const app = await Application.bootstrapWithPlugins({
		name: 'Reference',
		entryPoints: entriesOf(root),
		tsconfig: path.join(root, 'tsconfig.json'),
		plugin: ['typedoc-plugin-markdown'],
		readme: 'none',
		// Without this, typedoc empties and fills the folder `docs` of wherever it was started.
		outputs: [{ name: 'markdown', path: out }],
		excludeInternal: true,
		excludePrivate: true,
		disableSources: true,
		validation: { invalidLink: true, notExported: false, notDocumented: false },
		logLevel: 'Warn',
		hidePageHeader: true,
		hideBreadcrumbs: true,
		useCodeBlocks: true,
		expandObjects: true,
		parametersFormat: 'table',
		entryFileName: 'index',
	});
	const project = await app.convert();
	if (!project) throw new Error('typedoc could not read the source');
	// Modules are named by their files; users know them by what they import.
	for (const module of project.getChildrenByKind(ReflectionKind.Module))
		module.name = module.name === 'index' ? 'coproc' : `coproc/${module.name.replace(/\/index$/, '')}`;
	app.validate(project);
	await app.generateOutputs(project);
	if (app.logger.hasErrors()) throw new Error('typedoc found errors');
}

/** The source files behind the entries of the package. @returns {string[]} */
function entriesOf(/** @type {string} */ root) {
	/** @type {{ exports: Record<string, string | { types?: string }> }} */
	const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	const types = Object.values(exports).flatMap((entry) => (typeof entry === 'object' && entry.types ? [entry.types] : []));
	return types.map((file) => {
		const name = path.join(root, 'src', path.relative('dist', file).replace(/\.d\.ts$/, ''));
		const source = [name.replace(/\/index$/, ''), name].map((one) => `${one}.ts`).find((one) => existsSync(one));
		if (!source) throw new Error(`no source for ${file}`);
		return source;
	});
}
