import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** What is called from inside is done for this request, also after an `await`. */
export const runForRequest = <Result>(requestId: string, work: () => Result): Result => current.run(requestId, work);

/** The request that is worked for now, for the calls it makes to other services; undefined: none. */
export const currentRequestId = (): string | undefined => current.getStore();
