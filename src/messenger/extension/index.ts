/*
 * The start-up extension point: what a worker is handed when it starts, by layers that resource and worker do not know.
 *
 * A layer has a name and two halves. The half at the host makes an offer to each worker: to those that start, with their start
 * order, and to those that run when the layer is loaded. The half in the worker accepts it; loaded without an offer, it asks, and
 * a host that has not loaded the layer loads it then. So it does not matter what is loaded or started first. Both halves may
 * exchange frames of kinds of their own on the link (control.ts lists whose kinds are whose).
 *
 * `package.json` maps `#extension/NAME` to the module that registers both halves. A class whose instances travel in start
 * arguments is registered as `coproc.NAME`, or with that and a `/` before: a worker that meets one loads the extension first.
 */
export { type ExtensionOffer, type HostExtension, handExtension, meetWorker, registerHostExtension } from './host-side.ts';
export type { WorkerContact } from './host-side.ts';
export { extensionOfType, loadExtension } from './load.ts';
export {
	acceptExtensions,
	extensionsAnswered,
	type HostContact,
	meetHost,
	registerWorkerExtension,
	theHost,
	type WorkerExtension,
} from './worker-side.ts';
