/** Options that are followed by the program's source, unless it comes through stdin. */
const TAKES_SOURCE = new Set(['-e', '--eval', '-p', '-pe', '--print']);

/** Options of one run: they name another program than the worker's, or a port that only one process can have. */
const OF_ONE_RUN =
	/^(--(eval|print)=|(-c|--check|-i|--interactive|--test|--watch|--watch-path=.*|--input-type=.*)$|--(inspect|debug)\b)/;

/**
 * The options of the host's Node that its worker processes are to have as well: all but those that are about this very run.
 *
 * With `node -e`, the options hold the program itself: a worker that had them would run the host's program again, which starts
 * a worker, and so on without end.
 */
export function inheritedExecArgv(execArgv: readonly string[] = process.execArgv): string[] {
	return execArgv.filter((option, index) => {
		const former = execArgv[index - 1] ?? '';
		if (TAKES_SOURCE.has(former) && !option.startsWith('-')) return false;
		if (former === '--input-type' || former === '--watch-path') return false;
		return !TAKES_SOURCE.has(option) && !/^--(input-type|watch-path)$/.test(option) && !OF_ONE_RUN.test(option);
	});
}
