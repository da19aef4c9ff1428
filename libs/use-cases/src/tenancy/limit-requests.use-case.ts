import { AppError } from '@continuo/contracts';
import type { Claim, Project, SharedLimits, TokenCounter } from '@continuo/ports';

/** What a request takes of its project's minute. */
export interface RequestShare {
  readonly project: Project;
  /** The endpoint's path, without ids. */
  readonly endpoint: string;
  /** As how many requests it counts: the participants of a group chat, else 1. */
  readonly requests: number;
  /** What was said, asked or sent to be read. */
  readonly texts: readonly string[];
}

const MINUTE_MS = 60_000;

/** Keeps the requests of a project within what its settings allow a minute, over all its keys and all processes. */
export class LimitRequests {
  private readonly limits: SharedLimits;
  private readonly tokens: TokenCounter;

  constructor(limits: SharedLimits, tokens: TokenCounter) {
    this.limits = limits;
    this.tokens = tokens;
  }

  /** Whether anything is counted at all: off by default. */
  appliesTo({ settings: { limits } }: Project): boolean {
    return limits.requestsPerMinute !== null || limits.inputTokensPerMinute !== null;
  }

  /** Returns what was taken, to be given back when the request fails. @throws AppError `requests_limited`, `tokens_limited`. */
  async execute(share: RequestShare): Promise<readonly Claim[]> {
    const requests = this.requestsOf(share);
    await this.take(requests, 'requests_limited', 'too many requests to this endpoint in this minute.');
    try {
      const tokens = this.tokensOf(share);
      await this.take(tokens, 'tokens_limited', 'too many input tokens in this minute.');
      return [...requests, ...tokens];
    } catch (error) {
      await this.giveBack(requests);
      throw error;
    }
  }

  giveBack(claims: readonly Claim[]): Promise<void> {
    return this.limits.giveBack(claims);
  }

  private requestsOf({ project, endpoint, requests }: RequestShare): readonly Claim[] {
    const perMinute = project.settings.limits.requestsPerMinute;
    return perMinute === null ? [] : [{ key: `project:${project.id}:requests:${endpoint}`, points: requests, perMinute }];
  }

  /** @throws AppError `tokens_limited` for an input that no minute could hold. */
  private tokensOf({ project, texts }: RequestShare): readonly Claim[] {
    const perMinute = project.settings.limits.inputTokensPerMinute;
    if (perMinute === null) return [];
    const points = texts.reduce((sum, text) => sum + this.tokens.count(text), 0);
    if (points > perMinute) {
      throw new AppError('tokens_limited', `the input has more tokens than the ${perMinute} this project may send in a minute.`, {
        retryAfterMs: MINUTE_MS,
      });
    }
    return [{ key: `project:${project.id}:input-tokens`, points, perMinute }];
  }

  private async take(claims: readonly Claim[], code: 'requests_limited' | 'tokens_limited', sentence: string): Promise<void> {
    const grant = await this.limits.take(claims, {});
    if (!grant.allowed) throw new AppError(code, sentence, { retryAfterMs: grant.retryAfterMs });
  }
}
