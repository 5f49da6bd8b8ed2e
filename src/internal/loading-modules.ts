/** Modules that this worker is loading because it was started to run them, by URL. */
const loading = new Set<string>();

/**
 * Loads what this worker was started for. While that is a module that is being loaded, {@link isBeingLoaded} says so. Not for what a
 * thread loads beside other work: there, somebody else may start a worker of the same module in the meantime.
 */
export async function whileLoading<T>(url: string | undefined, load: () => Promise<T>): Promise<T> {
	if (url === undefined) return load();
	loading.add(url);
	try {
		return await load();
	} finally {
		loading.delete(url);
	}
}

/** True for a module that this worker is about to run: one that starts itself as a worker meanwhile would do so for ever. */
export function isBeingLoaded(url: string): boolean {
	return loading.has(url);
}
