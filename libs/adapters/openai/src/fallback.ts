import { AppError } from '@continuo/contracts';
import type { RegisteredModel } from './model-registry.ts';

/** Failures another model may not share. A refused request would be refused again, or hide a wrong key for ever. */
const WORTH_ANOTHER_MODEL = ['model_unavailable', 'model_timeout', 'model_limited'] as const;

/** Asks the model, and its fallback when it is down, slow or limiting. When both fail the first failure is the one told. */
export async function withFallback<Result>(
  model: RegisteredModel,
  fallback: RegisteredModel | null,
  ask: (model: RegisteredModel) => Promise<Result>,
): Promise<Result> {
  try {
    return await ask(model);
  } catch (error) {
    const isWorthIt = WORTH_ANOTHER_MODEL.some((code) => AppError.is(error, code));
    if (!isWorthIt || fallback === null || fallback.publicName === model.publicName) throw error;
    try {
      return await ask(fallback);
    } catch (second) {
      throw AppError.is(second) ? error : second;
    }
  }
}
