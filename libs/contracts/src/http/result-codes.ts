/** The envelope's `code` on success. */
export const RESULT_OK = 0;

/** The envelope's `message` on success; clients compare the text. */
export const RESULT_OK_MESSAGE = 'ok';

/** Numbers of the contract's error-code table, with what they say. Not every one is used by this server yet. */
export const RESULT_CODES = {
  0: 'Success.',
  40000: 'A request parameter is invalid.',
  40001: 'The requested data was not found.',
  40002: 'A required field is missing or empty.',
  40003: 'A list or object is empty.',
  40006: 'The type is not supported.',
  40007: 'The file type is not supported.',
  40008: 'The base64 content is invalid.',
  40009: 'The base64 format is invalid.',
  40010: 'user_id is longer than 100 characters.',
  40011: 'conversation_id is longer than 100 characters.',
  40012: 'relativity is outside 0 to 1.',
  40013: 'The messages are too long together.',
  40020: 'The project id is invalid.',
  40071: 'More than one selector was given.',
  40100: 'An API key is required.',
  40103: 'The key has no access to this.',
  40130: 'An API key is required.',
  40132: 'The API key is invalid or has expired.',
  40300: 'Too many requests.',
  40301: 'The quota of request tokens is used up.',
  40302: 'The quota of answer tokens is used up.',
  40303: 'The chat is longer than the model allows.',
  40304: 'The quota of calls is used up.',
  40305: 'A single input has too many tokens.',
  40306: 'This memory may not be deleted with this key.',
  40307: 'The memory to change does not exist.',
  40308: 'The user to delete does not exist.',
  40309: 'Too many tokens in this time window.',
  50000: 'An internal error, or an unknown path.',
  50002: 'The operation failed.',
  50004: 'The service is unavailable.',
  50005: 'Search is unavailable.',
  50103: 'Too many files.',
  50104: 'A file is too large.',
  50105: 'The files are too large together.',
  50107: 'The file format is invalid.',
  50120: 'The knowledge base does not exist.',
  50123: 'The knowledge base is not linked to this project.',
  50131: 'The task does not exist.',
  50143: 'Adding the memory failed.',
  50144: 'Adding the message failed.',
  50145: 'Adding the feedback failed.',
} as const satisfies Readonly<Record<number, string>>;

export type ResultCode = keyof typeof RESULT_CODES;
