import { TypeNotRegisteredError } from '../../errors/index.ts';
import { typeNamed } from './registry.ts';
import type { ValueSource } from './value-source.ts';

/** Reads an instance of a registered class, after its tag. What fails here fails the message, not the link. */
export function readRegistered(source: ValueSource): unknown {
	const number = source.reserve();
	source.enter();
	const name = source.text();
	const data = source.value();
	source.leave();
	if (source.hasFailed) return undefined;
	const type = typeNamed(name);
	if (!type) {
		source.fail(new TypeNotRegisteredError({ name }));
		return undefined;
	}
	try {
		const instance = type.decode(data);
		source.fill(number, instance);
		return instance;
	} catch (error) {
		source.fail(error);
		return undefined;
	}
}
