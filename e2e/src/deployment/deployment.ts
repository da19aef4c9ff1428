/** How the system under test is started: the specs know nothing of it. */
export interface Deployment {
  /** The file that starts it, run by the project's Node. */
  readonly file: string;
  /** What it needs in its environment beside what every system gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Removes what was made for it, once it has stopped for good. */
  remove(): Promise<void>;
}

export type Mode = 'standalone' | 'cluster';

/** Which system this run of the specs is about. */
export const MODE: Mode = process.env['CONTINUO_E2E_MODE'] === 'cluster' ? 'cluster' : 'standalone';

/** For what only one of the two has: a data folder for one server, say. In the other mode the spec is not there at all. */
export const onlyIn = (mode: Mode, define: () => void): void => {
  if (MODE === mode) define();
};
