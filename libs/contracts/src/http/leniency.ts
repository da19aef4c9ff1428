import { z } from 'zod';
import type { ErrorCode } from '../app-error.ts';

/*
 * The tolerance of the wire: JSON null means absent, unknown fields are ignored, a number or a boolean may come as a string.
 * `.meta` on the results puts back into the OpenAPI document what a refinement hides from it.
 */

/** Params of a custom issue that name its code; see `requestError`. */
export const codeOf = (code: ErrorCode): { readonly code: ErrorCode } => ({ code });

/** An object of the wire: members that are null count as absent, unknown members are dropped. */
export function wireObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.preprocess(withoutNulls, z.object(shape));
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** A number, or a string that spells one. */
const readNumber = (value: unknown): unknown => {
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/iu.test(value)) return value;
  return Number(value);
};

/** A boolean, or `"true"` / `"false"` in any case: form-like tools send those. */
const readBoolean = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  const word = value.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : value;
};

/** A number within bounds, both included. */
export const WireNumber = (bounds: { readonly min: number; readonly max: number }) =>
  z.preprocess(readNumber, z.number().min(bounds.min).max(bounds.max));

/** A whole number from 1. Above `max` it is lowered to `max`, because ceilings are never guarantees. */
export const WireLimit = (max: number) =>
  z
    .preprocess(
      readNumber,
      z
        .int()
        .min(1)
        .transform((value) => Math.min(value, max)),
    )
    .meta({ type: 'integer', minimum: 1, maximum: max });

/** A whole number from 1 that is taken as it is. */
export const WireCount = () => z.preprocess(readNumber, z.int().min(1)).meta({ type: 'integer', minimum: 1 });

export const WireBoolean = () => z.preprocess(readBoolean, z.boolean());

const hasText = (value: string): boolean => value.trim() !== '';

/** A string that says something: blank counts as missing. */
export const RequiredText = () =>
  z
    .string()
    .refine(hasText, { error: 'must not be empty', params: codeOf('required_field_missing') })
    .meta({ minLength: 1 });

/** A string whose blank form counts as absent. */
export const OptionalText = (maxCharacters: number) =>
  z
    .string()
    .refine((value) => characters(value) <= maxCharacters, { error: `must have at most ${maxCharacters} characters` })
    .transform((value) => (hasText(value) ? value : undefined))
    .meta({ type: 'string', maxLength: maxCharacters });

/** Characters as people count them: code points, not UTF-16 units. */
export const characters = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};
