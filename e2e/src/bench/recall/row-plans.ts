import type { RowPlan } from './ask-rows.ts';

/** The whole of recall. */
export const WHOLE: RowPlan = { name: 'all', without: [] };

const ARMS = ['words', 'vectors'];
/** A repeat shown once is no matter of order. */
const NOT_A_RULE = [...ARMS, 'collapse'];

/**
 * The rows to ask after the whole: `all` is every signal left out once, and all rules together; else what is named, several at once
 * joined by `+`.
 *
 * @throws Error for a signal that does not exist.
 */
export function ablations(wanted: string, signals: readonly string[]): readonly RowPlan[] {
  if (wanted === '') return [];
  if (wanted === 'all') {
    const rules = signals.filter((signal) => !NOT_A_RULE.includes(signal));
    return [...signals.map((signal) => planOf([signal])), { name: 'no rules', without: rules }];
  }
  return wanted.split(',').map((names) => {
    const without = names.split('+').map((name) => name.trim());
    const unknown = without.find((name) => !signals.includes(name));
    if (unknown !== undefined) throw new Error(`--ablate names ${unknown}; expected all, or any of ${signals.join(', ')}`);
    return planOf(without);
  });
}

function planOf(without: readonly string[]): RowPlan {
  if (without.join() === 'vectors') return { name: 'words only', without };
  if (without.join() === 'words') return { name: 'vectors only', without };
  return { name: `without ${without.join(', ')}`, without };
}
