import { PROCESS_RING } from './support/combinations.ts';
import { contractOf } from './support/contract.ts';

contractOf(PROCESS_RING);
