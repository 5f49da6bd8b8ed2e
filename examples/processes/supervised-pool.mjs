/*
 * A pool of workers that crash: a supervisor starts them again, and the job that a crash cost is done by another one.
 */
import { Exit, main, Process, Supervisor } from 'coproc/process';

const [kind = 'process'] = process.argv.slice(2);
const waiting = Array.from({ length: 12 }, (_, number) => ({ number, attempt: 1 }));
const running = new Map();
const idle = [];
const squares = new Map();
let crashes = 0;

const dispatcher = main.spawn((self) => {
	self.receive(['ready', Process], (_, worker) => {
		self.monitor(worker);
		give(worker);
	});
	self.receive(['done', Process, Number, Number], (_, worker, number, square) => {
		squares.set(number, square);
		running.delete(worker);
		if (squares.size === 12) self.terminate();
		else give(worker);
	});
	self.receive([Exit, Process], (exit, worker) => {
		crashes += 1;
		const { number, attempt } = running.get(worker);
		waiting.push({ number, attempt: attempt + 1 });
		if (idle.length > 0) give(idle.pop());
	});
});

const child = { target: new URL('./squares.mjs', import.meta.url), options: { kind, args: [dispatcher] } };
const supervisor = await Supervisor.start({ children: [child, child, child], intensity: { max: 10, within: 60_000 } });

await dispatcher.wait();
console.log('%d squares, %d crashes', squares.size, crashes);
console.log(
	[...squares]
		.toSorted(([a], [b]) => a - b)
		.map(([, square]) => square)
		.join(' '),
);

supervisor.terminate();
await supervisor.wait();
console.log('the supervisor has ended its workers, and then itself: %s', supervisor.error === undefined);

function give(worker) {
	const job = waiting.shift();
	if (!job) return idle.push(worker);
	running.set(worker, job);
	return worker.send('job', job.number, job.attempt);
}
