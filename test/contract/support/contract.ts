import { describe } from 'vitest';

import { backPressureContract } from '../back-pressure.contract.ts';
import { blockingContract } from '../blocking.contract.ts';
import { channelsContract } from '../channels.contract.ts';
import { countersContract } from '../counters.contract.ts';
import { dataContract } from '../data.contract.ts';
import { prioritiesContract } from '../priorities.contract.ts';
import { receivingContract } from '../receiving.contract.ts';
import { requestsContract } from '../requests.contract.ts';
import { sendingContract } from '../sending.contract.ts';
import { specialsContract } from '../specials.contract.ts';
import { type Combination, MESSENGERS } from './combinations.ts';
import { type Subject, subjectOf } from './subject.ts';

const CONTRACTS: readonly ((subject: Subject) => void)[] = [
	sendingContract,
	receivingContract,
	requestsContract,
	channelsContract,
	countersContract,
	dataContract,
	specialsContract,
	prioritiesContract,
	backPressureContract,
	blockingContract,
];

/** Runs the whole contract, for both messengers, over one kind of link: workers of one backend and transport, or a pair. */
export function contractOf(combination: Combination | undefined): void {
	describe.each(MESSENGERS)(`%s over ${combination?.name ?? 'a pair'}`, (_name, Messenger) => {
		const subject = subjectOf(combination, Messenger);
		for (const contract of CONTRACTS) contract(subject);
	});
}
