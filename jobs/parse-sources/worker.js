/*
 * What runs in every worker: one request, one file, one reply.
 */
import { parseFile } from './parse-file.js';

/**
 * Answers requests `{ path }` with the figures of that file, until the host asks it to close: then `receiveMessage` throws
 * ResourceRequestedClose, and letting it through is how a worker obeys.
 *
 * @param {import('coproc').PriorityMessenger} messenger
 */
export default async function parseSources(messenger) {
	for (;;) {
		const message = await messenger.receiveMessage();
		const { path } = /** @type {{ path: string }} */ (message.data);
		message.reply(parseFile(path));
	}
}
