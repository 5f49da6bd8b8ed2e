/*
 * Mailboxes for workers that share no memory with the tree: their host does everything on their behalf.
 *
 * A worker that has only the pipe gets a RemotePost, its host a Broker for it, which uses the host's own post, whatever that is:
 * so a whole branch of the tree may have only pipes. The worker's sends never wait: they spend credit, of which a tag has as much as
 * it may hold, and which comes back when the host has put the message there. What a tag has no room for waits in the host.
 */
export { RemotePost } from './remote-post.ts';
export { serveWorker } from './serve-worker.ts';
