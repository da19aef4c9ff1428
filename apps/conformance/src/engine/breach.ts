/** The server does not keep the contract. The message says what was seen instead. */
export class Breach extends Error {
  override readonly name = 'Breach';
}

/** Nothing can be said about this server: something the rule needs is not there. The message says what. */
export class NotRun extends Error {
  override readonly name = 'NotRun';
}
