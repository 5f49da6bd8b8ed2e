/** What the decoders of single types need from the reader of the whole value. */
export interface ValueSource {
	/** Reads any value. */
	value(): unknown;
	/** Reads a value that must be a text. */
	text(): string;
	/** Reads a value that must be an integer from 0 to 2^53. */
	count(): number;
	byte(): number;
	double(): number;
	/** Gives an object the next reference number. */
	keep<T>(object: T): T;
	/** Takes the next reference number for an object that {@link fill} brings later. */
	reserve(): number;
	fill(number: number, object: unknown): void;
	/** Goes one level down; {@link leave} comes back. */
	enter(): void;
	leave(): void;
	/** Enters a container that it makes and keeps, or the one that was made when this content was postponed. */
	open<T extends object>(kind: number, make: () => T): T;
	/** Throws if the message has fewer bytes than all its arrays are to have elements: each takes at least one. */
	announce(elements: number): void;
	/** Takes note of an error in user code. It is thrown when the message has been read to its end: its shapes are needed. */
	fail(error: unknown): void;
	/** True once something has failed: user code is no longer called, for it would get incomplete data. */
	readonly hasFailed: boolean;
	/** Returns the object beside the bytes that has this index. */
	side(index: number): object;
	/** Returns a buffer of the table. */
	buffer(index: number): ArrayBufferLike;
	/** Makes a view of a buffer of the table. */
	view(kind: number, index: number, byteOffset: number, length: number | undefined): ArrayBufferView;
}
