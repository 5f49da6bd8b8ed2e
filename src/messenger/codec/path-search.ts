import { entryStep, propertyStep } from './refusal.ts';

/** How a container was reached: from which other one, and by which step. */
interface Link {
	readonly from: object;
	readonly step: () => string;
}

/**
 * Finds the way from a message to a container deep inside it, for the text of an error; `[...]` if a getter or the data of
 * a registered type lies between. The walk itself knows only the way from the last container that it postponed.
 */
export function pathTo(target: object, message: unknown): string {
	const root = message as object;
	const links = new Map<object, Link | undefined>([[root, undefined]]);
	for (const container of links.keys()) {
		if (container === target) break;
		visit(container, (value, step) => {
			if (typeof value === 'object' && value !== null && !links.has(value)) links.set(value, { from: container, step });
		});
	}
	if (!links.has(target)) return '[...]';
	const steps: string[] = [];
	for (let link = links.get(target); link; link = links.get(link.from)) steps.push(link.step());
	return steps.toReversed().join('');
}

function visit(container: object, found: (value: unknown, step: () => string) => void): void {
	let position = 0;
	if (container instanceof Map) {
		for (const [key, value] of container) {
			const index = position++;
			found(key, () => `.keys()[${index}]`);
			found(value, () => entryStep(key, index));
		}
	} else if (container instanceof Set) {
		for (const member of container) {
			const index = position++;
			found(member, () => propertyStep(index));
		}
	} else if (!ArrayBuffer.isView(container)) {
		const isArray = Array.isArray(container);
		for (const key of Object.keys(container)) {
			const step = isArray && /^\d+$/.test(key) ? Number(key) : key;
			found((container as Readonly<Record<string, unknown>>)[key], () => propertyStep(step));
		}
	}
}
