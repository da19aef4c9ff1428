import { AppError } from '@continuo/contracts';

/** The store answered, and the answer is no. */
export class StoreRefusal extends Error {
  readonly status: number;
  /** The store's own name for the reason, for example `index_not_found_exception`. */
  readonly type: string;

  constructor(status: number, type: string, reason: string) {
    super(`The memory index answered ${status} (${type}): ${reason}`);
    this.name = 'StoreRefusal';
    this.status = status;
    this.type = type;
  }
}

/** Documents that the store does not take, whatever is done: the fault lies in them. */
export class DocumentsRefused extends AppError {
  readonly ids: readonly string[];

  /** @param reason the store's words for the first of them; it may quote them, so it is for the cause alone. */
  constructor(ids: readonly string[], reason: string) {
    super('document_refused', `The memory index refused ${ids.length} ${ids.length === 1 ? 'document' : 'documents'}.`, { cause: reason });
    this.name = 'DocumentsRefused';
    this.ids = ids;
  }
}

export const unavailable = (why: string, cause?: unknown): AppError =>
  new AppError('index_unavailable', `The memory index ${why}.`, { cause });

export const deadlineExceeded = (cause?: unknown): AppError =>
  new AppError('deadline_exceeded', 'The memory index did not answer in time.', { cause });

/** True when an index that was there a moment ago is not there any more. */
export const meansLost = (error: unknown): boolean =>
  error instanceof StoreRefusal && (error.type === 'index_not_found_exception' || error.type === 'alias_not_found_exception');

/** What a caller of the port is told: refusals of whole calls are states of the store, not faults of the caller. */
export function toPortError(error: unknown): unknown {
  if (!(error instanceof StoreRefusal)) return error;
  if (meansLost(error)) return unavailable('is not there; it is made and filled anew from the records', error);
  if (error.status === 401 || (error.status === 403 && error.type === 'security_exception'))
    return unavailable('refuses our user name or password', error);
  if (error.status === 403 || error.type === 'cluster_block_exception') return unavailable('is closed for writing', error);
  if (error.status === 404) return unavailable('does not know what it was asked; the address may lead to something else', error);
  return error.status === 429 || error.status >= 500 ? unavailable('is overloaded or failing', error) : error;
}

/** What a member of the port does, with its failures in the port's words. */
export async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toPortError(error);
  }
}
