import type { Readiness, ReadinessPart, ReadinessReport } from '../http/readiness.ts';

/** A part of a service and how it is looked at. */
export interface WatchedPart {
  readonly name: string;
  /** True: without it no request can be served. */
  readonly required: boolean;
  /** What fails, or takes longer than a moment, is down. */
  look(): Promise<Omit<ReadinessPart, 'name'>>;
}

/** An orchestrator gives a probe a second or two. */
const LOOK_MS = 1_000;

/** How a service is, by its parts. */
export class PartsReadiness implements Readiness {
  private readonly parts: readonly WatchedPart[];

  constructor(parts: readonly WatchedPart[]) {
    this.parts = parts;
  }

  async report(): Promise<ReadinessReport> {
    const parts = await Promise.all(this.parts.map(lookAt));
    const down = this.parts.some(({ required }, place) => required && parts[place]?.state === 'down');
    const degraded = parts.some((part) => part.state !== 'ready');
    return { status: down ? 'unavailable' : degraded ? 'degraded' : 'complete', parts };
  }
}

async function lookAt(part: WatchedPart): Promise<ReadinessPart> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), LOOK_MS);
  });
  try {
    return { name: part.name, ...(await Promise.race([part.look(), late])) };
  } catch {
    return { name: part.name, state: 'down', words: 'does not answer' };
  } finally {
    clearTimeout(timer);
  }
}
