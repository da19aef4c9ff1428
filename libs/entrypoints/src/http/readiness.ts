/** One part of the server as `/readyz` shows it. */
export interface ReadinessPart {
  /** For example `records`, `index`, `embeddings`, `model`. */
  readonly name: string;
  readonly state: 'ready' | 'degraded' | 'down';
  /** One sentence for people: what works, what does not, and why. Never a key. */
  readonly words: string;
}

export interface ReadinessReport {
  /** unavailable: requests cannot be served, `/readyz` answers 503. degraded: served, with less. */
  readonly status: 'complete' | 'degraded' | 'unavailable';
  readonly parts: readonly ReadinessPart[];
}

/** What `/readyz` says from the moment the process was asked to stop. */
export const SHUTTING_DOWN: ReadinessReport = {
  status: 'unavailable',
  parts: [{ name: 'server', state: 'down', words: 'Shutting down: what has begun is finished, nothing new belongs here.' }],
};

/** Says how the server is; the app brings it. Answers fast and never throws. */
export interface Readiness {
  report(): Promise<ReadinessReport>;
}

export const READINESS = Symbol('Readiness');
