/*
 * Messengers by themselves: two connected ends in one thread, without a worker. Both have the same face.
 */
import { PriorityMessenger } from 'coproc';

const [left, right] = PriorityMessenger.pair();
try {
	left.sendNorequest({ text: 'low', priority: 1 }, 'news');
	left.sendNorequest({ text: 'high', priority: 0 }, 'news');
	console.log('available(news) = %O', right.available('news'));
	console.log('receiveAvailable(news) = %O', right.receiveAvailable('news'));

	left.sendRequestMultiple([1, 2, 3]);
	console.log('remaining() = %O', left.remaining());
	for (const n of right.receiveAvailable()) right.sendReply(n * n);
	for await (const square of left.receiveRemaining()) console.log(square);

	right.sendNorequest('the last message');
	await right[Symbol.asyncDispose](); // to the other end this is an exit with code 0
	for await (const data of left) console.log(data); // what had arrived comes first, then the loop ends
} finally {
	await left[Symbol.asyncDispose]();
	await right[Symbol.asyncDispose]();
}
