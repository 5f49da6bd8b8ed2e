/*
 * What a caller is told: the error of a handler that throws, the default when nobody answers. It never waits longer than it must.
 */
import { Actor, Bridge } from 'coproc/actor';

class Divide {
	constructor(dividend, divisor) {
		this.dividend = dividend;
		this.divisor = divisor;
	}
}

/** Asks for nothing, and is never answered. */
class Murmur {}

class Calculator extends Actor {}

Calculator.handles
	.add(Divide, function ({ dividend, divisor }, sender) {
		if (divisor === 0) throw new RangeError('division by zero');
		sender.send(dividend / divisor, this);
	})
	.add(Murmur, () => {});

const bridge = new Bridge();
const calculator = Calculator.spawn();

console.log(await bridge.call(calculator, new Divide(6, 3), 1000));
console.log(await bridge.call(calculator, new Murmur(), 10, 'no answer in time'));

try {
	await bridge.call(calculator, new Divide(1, 0), 60_000);
} catch (error) {
	console.log(String(error)); // at once
}
console.log('alive: %s, ended by: %s', calculator.process.isAlive, calculator.process.error.message);
console.log(await bridge.call(calculator, new Divide(6, 3), 60_000, 'no answer from the dead')); // at once too
