import { AppError } from '@continuo/contracts';
import type { CallOptions, Claim, TokenUsage } from '@continuo/ports';
import { createHash } from 'node:crypto';
import type { RegisteredModel } from './model-registry.ts';
import { pause } from './pause.ts';
import type { ProviderConnections } from './provider-connections.ts';

/** Callers who wait for the same minute do not come all at once. */
const TURN_JITTER_MS = 250;
/** Work behind the requests leaves the rest of a minute to people who wait for an answer. */
const BACKGROUND_SHARE = 0.8;

interface Turn {
  readonly model: RegisteredModel;
  readonly options: CallOptions;
  readonly promptTokens: () => number;
  /** Null: work behind the requests. */
  readonly patienceMs: number | null;
}

/**
 * Waits until the model's limits have room for one more request. Returns the tokens that were taken for it.
 *
 * @throws AppError `model_limited` with `retryAfterMs` when its turn comes only after the caller's patience or deadline.
 */
export async function takeTurn(connections: ProviderConnections, turn: Turn): Promise<number> {
  const { model, options } = turn;
  const share = turn.patienceMs === null ? BACKGROUND_SHARE : 1;
  const claims = claimsOf(model, share, model.tokensPerMinute === null ? 0 : turn.promptTokens());
  if (claims.length === 0) return 0;
  const lastAt = Math.min(turn.patienceMs === null ? Infinity : connections.now() + turn.patienceMs, options.deadlineAt ?? Infinity);
  for (;;) {
    const grant = await connections.limits.take(claims, options);
    if (grant.allowed) return claims.find(({ key }) => key.startsWith('tokens'))?.points ?? 0;
    const waitMs = grant.retryAfterMs + Math.round(connections.random() * TURN_JITTER_MS);
    if (connections.now() + waitMs >= lastAt) throw full(model, grant.retryAfterMs);
    await pause(waitMs, options);
  }
}

/** Counts what a request used beyond what was taken for it. Nobody waits for that. */
export function settleTurn(connections: ProviderConnections, model: RegisteredModel, claimedTokens: number, usage: TokenUsage): void {
  const beyond = usage.promptTokens + usage.answerTokens - claimedTokens;
  if (model.tokensPerMinute === null || beyond <= 0) return;
  void connections.limits.charge({ key: `tokens ${accountOf(model)}`, points: beyond, perMinute: model.tokensPerMinute });
}

function claimsOf(model: RegisteredModel, share: number, promptTokens: number): readonly Claim[] {
  const account = accountOf(model);
  const claim = (what: 'requests' | 'tokens', points: number, limit: number | null): readonly Claim[] =>
    limit === null ? [] : [{ key: `${what} ${account}`, points, perMinute: Math.max(1, Math.floor(limit * share)) }];
  return [...claim('requests', 1, model.requestsPerMinute), ...claim('tokens', promptTokens, model.tokensPerMinute)];
}

/** What a provider counts by: its model and the key, whatever public names lead there. Hashed, because keys are secret. */
const accountOf = ({ baseUrl, apiKey, upstreamName }: RegisteredModel): string =>
  createHash('sha256')
    .update([baseUrl, apiKey ?? '', upstreamName].join('\n'))
    .digest('base64url')
    .slice(0, 22);

const full = (model: RegisteredModel, retryAfterMs: number): AppError =>
  new AppError('model_limited', `${model.publicName} is asked as often as its provider allows.`, { retryAfterMs });
