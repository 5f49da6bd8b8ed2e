/*
 * Messages are matched by patterns: the first handler that matches is called, with the parts of the message.
 */
import { Any, etc, Exit, main, Process } from 'coproc/process';

class Point {
	constructor(x, y) {
		this.x = x;
		this.y = y;
	}

	distance() {
		return Math.hypot(this.x, this.y);
	}
}

const proc = main.spawn((self) => {
	self.receive('hello', () => console.log('the message hello, and nothing more'));
	self.receive([String, Number], (text, number) => console.log('a text and a number: %s %d', text, number));
	self.receive(['A', String, String], (_, ...texts) => console.log('A and two texts: %s', texts));
	self.receive([[Number, etc]], ([first, ...rest]) => console.log('a list that begins with a number: %d, %O', first, rest));
	self.receive({ type: 'order', items: [String, etc] }, ({ items }) => console.log('an order of %s', items));
	self.receive(Point, (point) => console.log('a point, %d away', point.distance()));
	self.receive(
		(value) => value > 100,
		(value) => console.log('more than a hundred: %d', value),
	);
	self.receive([Any, null], (anything) => console.log('%O and nothing', anything));
	self.receive([Exit, Process], (exit, ended) => console.log('%s ended: %s', ended, exit.error?.message ?? 'normally'));
	self.receive(etc, (...message) => console.log('anything else: %O', message));
});

proc.send('hello');
proc.send('hello', 123);
proc.send('A', 'b', 'c');
proc.send([1, 'two', 3]);
proc.send({ type: 'order', items: ['pen', 'ink'], rush: true });
proc.send(new Point(3, 4));
proc.send(101);
proc.send(['x'], null);
proc.send('hello', 'you');

const child = main.spawn(() => {}, { name: 'a child', linkTo: proc });
child.terminate('it had enough');
