/** Where the .proto files lie: beside `src` and `dist` alike. A `file:` address with a slash at its end. */
export const PROTO_FOLDER = new URL('../../proto/', import.meta.url);

/** Within {@link PROTO_FOLDER}. */
export const PROTO_FILES = ['recall', 'index', 'embedding', 'generation'].map((name) => `continuo/v1/${name}.proto`);

/**
 * How both sides read the files: names as the domain writes them, numbers as numbers, what is absent is absent. A spec holds the schemas
 * to what these give.
 */
export const PROTO_READING = { keepCase: false, longs: Number, enums: String, defaults: true, oneofs: false } as const;

/** The shared secret of the services; every call but the health check carries it. */
export const TOKEN_METADATA = 'continuo-token';

/** What metadata carries unchanged: printable ASCII without spaces. */
export const TOKEN_PATTERN = /^[\u0021-\u007e]+$/u;

/** Of the request that a call is made for, for logs. */
export const REQUEST_ID_METADATA = 'x-request-id';

/** A `Failure` as JSON, in the metadata of a refused call. */
export const FAILURE_METADATA = 'continuo-failure-bin';

/**
 * Largest message either side takes: a list of recalled messages with their images, or one document with labels as large as a body may be.
 * Clients split lists of documents and texts into far smaller ones.
 */
export const MAX_RPC_MESSAGE_BYTES = 64 * 1024 * 1024;
