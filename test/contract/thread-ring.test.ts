import { THREAD_RING } from './support/combinations.ts';
import { contractOf } from './support/contract.ts';

contractOf(THREAD_RING);
