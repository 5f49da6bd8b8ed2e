/** A worker that squares numbers, and crashes at the first attempt at every fourth one. */
export default function squares(self, dispatcher) {
	self.receive(['job', Number, Number], (_, number, attempt) => {
		if (number % 4 === 3 && attempt === 1) process.exit(1);
		dispatcher.send('done', self, number, number * number);
	});
	dispatcher.send('ready', self);
}
