import { ProtocolError } from '../../errors/index.ts';

/** Makes the error for bytes that no encoder of ours writes. */
export function corrupt(what: string, facts?: Readonly<Record<string, unknown>>): ProtocolError {
	return new ProtocolError(`a message cannot be decoded: ${what}`, facts);
}
