/*
 * What the pictures have in common: an SVG that brings its own background and follows light and dark.
 */

const STYLE = `
	.ground { fill: #ffffff; stroke: #d0d7de; }
	text { font: 14px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
	.small { font-size: 12px; }
	.faint { fill: #59636e; }
	.strong { font-weight: 600; }
	.middle { text-anchor: middle; }
	.end { text-anchor: end; }
	.own { fill: #0969da; }
	.other { fill: #9aa4af; }
	.box { fill: #f6f8fa; stroke: #8c959f; }
	.shared { fill: #ddf4ff; stroke: #0969da; }
	.line { stroke: #59636e; fill: none; stroke-width: 1.5; }
	.rule { stroke: #d0d7de; }
	.mark { stroke: #1f2328; fill: #ffffff; stroke-width: 1.5; }
	.tip { fill: #59636e; }
	@media (prefers-color-scheme: dark) {
		.ground { fill: #0d1117; stroke: #3d444d; }
		text { fill: #f0f6fc; }
		.faint { fill: #9198a1; }
		.own { fill: #4493f8; }
		.other { fill: #656c76; }
		.box { fill: #151b23; stroke: #656c76; }
		.shared { fill: #121d2f; stroke: #4493f8; }
		.line { stroke: #9198a1; }
		.rule { stroke: #3d444d; }
		.mark { stroke: #f0f6fc; fill: #0d1117; }
		.tip { fill: #9198a1; }
	}
`;

/** A whole picture. `title` is what a screen reader says. @type {(size: { width: number, height: number }, title: string, content: string[]) => string} */
export function drawing({ width, height }, title, content) {
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
		`<title>${escape(title)}</title>`,
		`<style>${STYLE}</style>`,
		`<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
		...content,
		'</svg>',
		'',
	].join('\n');
}

/** A line of text. @type {(x: number, y: number, text: string, classes?: string) => string} */
export function text(x, y, content, classes = '') {
	return `<text x="${x}" y="${y}"${classes && ` class="${classes}"`}>${escape(content)}</text>`;
}

/** A rectangle with round corners. @type {(classes: string, at: [x: number, y: number], size: [width: number, height: number]) => string} */
export function box(classes, [x, y], [width, height]) {
	return `<rect class="${classes}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`;
}

/** An arrow from left to right or back, or down. @type {(x1: number, y1: number, x2: number, y2: number) => string} */
export function arrow(x1, y1, x2, y2) {
	const angle = Math.atan2(y2 - y1, x2 - x1);
	const point = (/** @type {number} */ back, /** @type {number} */ aside) => {
		const x = x2 - back * Math.cos(angle) - aside * Math.sin(angle);
		const y = y2 - back * Math.sin(angle) + aside * Math.cos(angle);
		return `${round(x)},${round(y)}`;
	};
	const end = point(7, 0).split(',');
	return [
		`<line class="line" x1="${x1}" y1="${y1}" x2="${end[0]}" y2="${end[1]}"/>`,
		`<polygon class="tip" points="${point(0, 0)} ${point(9, 4.5)} ${point(9, -4.5)}"/>`,
	].join('');
}

/** One digit after the point is as exact as a picture needs. */
export function round(/** @type {number} */ value) {
	return Math.round(value * 10) / 10;
}

function escape(/** @type {string} */ content) {
	return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
