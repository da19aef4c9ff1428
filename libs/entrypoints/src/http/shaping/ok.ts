import { RESULT_OK, RESULT_OK_MESSAGE } from '@continuo/contracts';

/** The envelope of every success. */
export const ok = <Data>(data: Data) => ({ code: RESULT_OK, message: RESULT_OK_MESSAGE, data }) as const;
