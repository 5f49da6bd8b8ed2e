/** Modules that this thread is loading because it is to run them as a worker's, by URL. */
const loading = new Set<string>();

/** Loads a module that a worker is to run. While it is being loaded, {@link isBeingLoaded} says so. */
export async function whileLoading<T>(url: string, load: () => Promise<T>): Promise<T> {
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
