/*
 * Two players and what they tell each other: a module of its own, which workers can load.
 */
import { Actor } from 'coproc/actor';

/** Begins a rally against somebody, of so many turns each. */
export class Start {
	constructor(target, turns) {
		this.target = target;
		this.turns = turns;
	}
}

/** Both carry the rally so far. */
export class Ping {
	constructor(rally) {
		this.rally = rally;
	}
}

export class Pong {
	constructor(rally) {
		this.rally = rally;
	}
}

export class Pinger extends Actor {}

Pinger.handles.add(Start, function ({ target, turns }, sender) {
	this.umpire = sender;
	this.end = turns * 2;
	target.send(new Ping(''), this);
});

Pinger.handles.add(Pong, function (pong, sender) {
	const rally = `${pong.rally}-`;
	if (rally.length < this.end) sender.send(new Ping(rally), this);
	else this.umpire.send(rally, this);
});

export class Ponger extends Actor {}

Ponger.handles.add(Ping, function (ping, sender) {
	sender.send(new Pong(`${ping.rally}+`), this);
});
