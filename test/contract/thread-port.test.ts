import { THREAD_PORT } from './support/combinations.ts';
import { contractOf } from './support/contract.ts';

contractOf(THREAD_PORT);
