/*
 * What does a busy neighbour do? Spins, and looks now and then whether the bench is still there.
 */
const SPIN_MS = 20;

let sum = 0;

function spin() {
	const end = performance.now() + SPIN_MS;
	while (performance.now() < end) for (let i = 0; i < 1000; i += 1) sum = (sum * 31 + i) | 0;
	setImmediate(spin);
}

process.on('disconnect', () => process.exit(0));
// Keeps the channel open, and with it the news of its end.
process.on('message', () => {});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.send?.('spinning');
spin();
