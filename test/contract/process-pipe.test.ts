import { PROCESS_PIPE } from './support/combinations.ts';
import { contractOf } from './support/contract.ts';

contractOf(PROCESS_PIPE);
