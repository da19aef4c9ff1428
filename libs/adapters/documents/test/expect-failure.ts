import { AppError } from '@continuo/contracts';

/** The failure of a promise, as "code: message"; anything that is no `AppError` is thrown on. */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (AppError.is(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}
