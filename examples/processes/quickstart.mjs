/*
 * The quickstart of paragram: a process that handles one message. `node quickstart.mjs thread` (or `process`) runs it elsewhere.
 */
import { main } from 'coproc/process';

const [kind = 'local'] = process.argv.slice(2);

function initProcess(proc) {
	console.log('process started!');
	proc.receive('go away', () => {
		console.log('process ending.');
		proc.terminate();
	});
}

const proc = main.spawnLink(initProcess, { name: 'my first process', kind });
proc.send('go away');
await proc.wait();
