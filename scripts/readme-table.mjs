#!/usr/bin/env node
/*
 * Puts the newest whole run of the bench into README.md, as a table and a picture: `npm run readme:table`.
 *
 * `--from FILE` takes another run, `--out FOLDER` writes README.md and the pictures there instead, to look at them. The picture of the
 * architecture is drawn on the way.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { drawArchitecture } from './readme/architecture-picture.mjs';
import { drawMeasured } from './readme/measured-picture.mjs';
import { newestRun, readRun } from './readme/measured.mjs';
import { NOTHING_MEASURED, renderMeasured, replacePart } from './readme/table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { from: { type: 'string' }, out: { type: 'string' } } });
const out = values.out ?? root;
const found = values.from ? readRun(values.from) : newestRun(join(root, 'bench/results'));

mkdirSync(join(out, 'docs/pictures'), { recursive: true });
writeFileSync(join(out, 'docs/pictures/architecture.svg'), drawArchitecture());
if (found) writeFileSync(join(out, 'docs/pictures/measured.svg'), drawMeasured(found.run));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const text = found ? renderMeasured(found.run, found.file) : NOTHING_MEASURED;
writeFileSync(join(out, 'README.md'), replacePart(readme, 'measured', text));
console.log(found ? `README.md shows ${found.file}` : 'there is no whole run in bench/results yet: `npm run bench` makes one');
