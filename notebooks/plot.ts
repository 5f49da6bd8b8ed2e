import { Buffer } from 'node:buffer';

/*
 * The few kinds of plot that the notebooks need, as SVG that brings its own ground, so that it is legible on light and dark pages.
 */

/** One line of a plot. `high` is where its range ends, such as the 99th percentile. */
export interface Row {
	readonly label: string;
	readonly value: number;
	readonly high?: number;
	readonly isOurs?: boolean;
}

/** What is said around a plot. */
export interface Captions {
	readonly title: string;
	/** What is measured, with its unit and which direction is good. */
	readonly axis: string;
}

/** A line through measured points. */
export interface Series {
	readonly label: string;
	readonly points: readonly (readonly [x: number, y: number])[];
	readonly isOurs?: boolean;
	/** What would be perfect, drawn dashed. */
	readonly isIdeal?: boolean;
}

/** A picture that Jupyter shows. */
export interface Picture {
	readonly svg: string;
}

const WIDTH = 720;
const ROW = 26;
const TOP = 64;
const INK = '#24292f';
const SOFT = '#57606a';
const GRID = '#e3e6ea';
const OURS = '#0b62d6';
const OTHERS = '#8c959f';

/** One bar for each row, from zero: for rates, where more is better. */
export function barPlot(captions: Captions, rows: readonly Row[]): Picture {
	const scale = linearScale(0, Math.max(...rows.map(({ value }) => value)), labelWidth(rows), WIDTH - 80);
	return rowPlot(captions, rows, scale, ({ value, isOurs }, y) => {
		const width = scale.at(value) - scale.from;
		const bar = `<rect x="${scale.from}" y="${y - 8}" width="${round(width)}" height="16" rx="2" fill="${isOurs ? OURS : OTHERS}"/>`;
		return bar + text(scale.at(value) + 6, y + 4, format(value), { fill: INK });
	});
}

/** A dot for the value and a line to its `high` for each row, on a logarithmic axis: for times, where less is better. */
export function rangePlot(captions: Captions, rows: readonly Row[]): Picture {
	const values = rows.flatMap(({ value, high = value }) => [value, high]);
	const scale = logarithmicScale(Math.min(...values), Math.max(...values), labelWidth(rows) + 16, WIDTH - 80);
	return rowPlot(captions, rows, scale, ({ value, high = value, isOurs }, y) => {
		const colour = isOurs ? OURS : OTHERS;
		const line = `<line x1="${scale.at(value)}" x2="${scale.at(high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="3" stroke-opacity="0.45"/>`;
		const dot = `<circle cx="${scale.at(value)}" cy="${y}" r="5.5" fill="${colour}"/>`;
		return line + dot + text(scale.at(high) + 10, y + 4, format(value), { fill: INK });
	});
}

/** Lines through points, both axes from zero. */
export function linePlot(captions: Captions & { readonly across: string }, series: readonly Series[]): Picture {
	const [height, left] = [380, 64];
	const bottom = height - 56;
	const points = series.flatMap((one) => one.points);
	const x = linearScale(0, Math.max(...points.map(([value]) => value)), left, WIDTH - 150);
	const y = linearScale(0, Math.max(...points.map(([, value]) => value)), bottom, TOP + 8);
	const marks = [...new Set(points.map(([value]) => value))].map(
		(value) => text(x.at(value), bottom + 20, format(value), { fill: SOFT, anchor: 'middle' }),
	);
	const grid = y.ticks.map(
		(value) =>
			`<line x1="${left}" x2="${WIDTH - 150}" y1="${y.at(value)}" y2="${y.at(value)}" stroke="${GRID}"/>` +
			text(left - 10, y.at(value) + 4, format(value), { fill: SOFT, anchor: 'end' }),
	);
	const axis = text((left + WIDTH - 150) / 2, height - 14, captions.across, { fill: SOFT, anchor: 'middle' });
	const lines = series.map((one) => drawSeries(one, x, y));
	return picture(captions, height, [...grid, ...marks, axis, ...lines].join('\n'));
}

function drawSeries({ label, points, isOurs, isIdeal }: Series, x: Scale, y: Scale): string {
	const colour = isOurs ? OURS : OTHERS;
	const path = points.map(([a, b], index) => `${index === 0 ? 'M' : 'L'}${x.at(a)} ${y.at(b)}`).join(' ');
	const line = `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.5"${isIdeal ? ' stroke-dasharray="2 6" stroke-linecap="round"' : ''}/>`;
	const dots = isIdeal ? '' : points.map(([a, b]) => `<circle cx="${x.at(a)}" cy="${y.at(b)}" r="4.5" fill="${colour}"/>`).join('');
	const [lastX, lastY] = points.at(-1) ?? [0, 0];
	return line + dots + text(x.at(lastX) + 10, y.at(lastY) + 4, label, { fill: colour });
}

function rowPlot(captions: Captions, rows: readonly Row[], scale: Scale, draw: (row: Row, y: number) => string): Picture {
	const bottom = TOP + rows.length * ROW + 4;
	const grid = scale.ticks.map(
		(value) =>
			`<line x1="${scale.at(value)}" x2="${scale.at(value)}" y1="${TOP - 4}" y2="${bottom}" stroke="${GRID}"/>` +
			text(scale.at(value), bottom + 16, format(value), { fill: SOFT, anchor: 'middle' }),
	);
	const lines = rows.map((row, index) => {
		const y = TOP + index * ROW + ROW / 2;
		const label = { fill: row.isOurs ? OURS : INK, anchor: 'end', weight: row.isOurs ? 600 : 400 };
		return text(scale.from - 10 - (scale.indent ?? 0), y + 4, row.label, label) + draw(row, y);
	});
	return picture(captions, bottom + 32, [...grid, ...lines].join('\n'));
}

function picture({ title, axis }: Captions, height: number, content: string): Picture {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="system-ui, sans-serif" font-size="13">
<title>${escape(`${title}: ${axis}`)}</title>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8" fill="#fcfcfd" stroke="${GRID}"/>
${text(20, 28, title, { fill: INK, weight: 600, size: 15 })}
${text(20, 47, axis, { fill: SOFT })}
${content}
</svg>`;
	// Pages made of notebooks clean SVG until nothing is left of it, but show an image; Jupyter and GitHub know both.
	const image = `<img alt="${escape(title)}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`;
	return { svg, [Symbol.for('Jupyter.display')]: () => ({ 'image/svg+xml': svg, 'text/html': image }) } as Picture;
}

interface Scale {
	readonly from: number;
	/** Room between the labels and the smallest value. */
	readonly indent?: number;
	readonly ticks: readonly number[];
	at(value: number): number;
}

function linearScale(low: number, high: number, from: number, to: number): Scale {
	const rough = (high - low) / 5;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
	const ticks = Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, index) => index * step);
	return { from, ticks, at: (value) => round(from + ((value - low) / (high - low)) * (to - from)) };
}

function logarithmicScale(low: number, high: number, from: number, to: number): Scale {
	const [start, end] = [Math.log10(low), Math.log10(high)];
	const ticks = Array.from({ length: 24 }, (_, index) => 10 ** (index - 12)).filter((value) => value >= low && value <= high);
	return { from, indent: 16, ticks, at: (value) => round(from + ((Math.log10(value) - start) / (end - start)) * (to - from)) };
}

/** Where the values begin, so that the longest label fits. */
function labelWidth(rows: readonly Row[]): number {
	return 40 + Math.max(...rows.map(({ label }) => label.length)) * 7.6;
}

interface TextStyle {
	readonly fill: string;
	readonly anchor?: string;
	readonly weight?: number;
	readonly size?: number;
}

function text(x: number, y: number, content: string, { fill, anchor = 'start', weight = 400, size = 13 }: TextStyle): string {
	return `<text x="${x}" y="${y}" fill="${fill}" text-anchor="${anchor}" font-weight="${weight}" font-size="${size}">${escape(content)}</text>`;
}

/** Three digits that count. */
function format(value: number): string {
	return value.toLocaleString('en', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

function escape(content: string): string {
	return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
