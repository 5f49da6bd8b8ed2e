/** Returns the name that `name` most likely meant, or undefined when none is near. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
	const ranked = names.map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }));
	const best = ranked.sort((a, b) => a.distance - b.distance)[0];
	return best && best.distance <= Math.max(2, name.length / 3) ? best.candidate : undefined;
}

/** Levenshtein's distance: insertions, deletions and replacements that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let row = 1; row <= a.length; row += 1) {
		const current = [row];
		for (let column = 1; column <= b.length; column += 1) {
			const replaced = (previous[column - 1] as number) + (a[row - 1] === b[column - 1] ? 0 : 1);
			current.push(Math.min(replaced, (previous[column] as number) + 1, (current[column - 1] as number) + 1));
		}
		previous = current;
	}
	return previous[b.length] as number;
}
