/** What the HTTP door is told by the configuration. */
export interface HttpSettings {
  /** Where the API begins, with a leading and without a trailing slash: `/api/openmem/v1`. */
  readonly prefix: string;
  /** The contract's strict forms: `filter: {}` and two selectors are errors, and what was not found answers 400. */
  readonly strict: boolean;
  /** IANA zone in which dates without one are read. */
  readonly timeZone: string;
  /** `/get/status` answers a list of one, as clients before 2.0.24 expect. */
  readonly legacyStatusList: boolean;
  /** Greatest body in bytes. */
  readonly maxBodyBytes: number;
  /** Silence in a streamed answer after which a comment is sent; clients and proxies give up sooner or later. */
  readonly heartbeatMs: number;
  /** How long running requests may finish when the process is asked to stop. */
  readonly drainMs: number;
  /**
   * How long an open connection must have been silent to be closed meanwhile; absent: DEFAULT_QUIET_MS. A client that sends more
   * often never meets a closed connection; one that sends less often hardly ever, and the less the longer this is.
   */
  readonly quietMs?: number;
}

/** Short, because a server with idle clients alone takes no less time to stop. */
export const DEFAULT_QUIET_MS = 500;

export const HTTP_SETTINGS = Symbol('HttpSettings');

export const DEFAULT_HTTP_SETTINGS: HttpSettings = {
  prefix: '/api/openmem/v1',
  strict: false,
  timeZone: 'UTC',
  legacyStatusList: false,
  maxBodyBytes: 4 * 1_048_576,
  heartbeatMs: 10_000,
  drainMs: 8_000,
};
