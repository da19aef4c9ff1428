/** Token of the `Log` the HTTP room writes to. */
export const HTTP_LOG = Symbol('HttpLog');
