import { contractOf } from './support/contract.ts';

contractOf(undefined);
