/** Kills a process that may have ended by itself a moment ago: its id is told until its end is, and it is reaped before that. */
export function killIfThere(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}
