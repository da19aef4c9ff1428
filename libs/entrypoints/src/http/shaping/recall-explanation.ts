import type { RecallExplanation } from '@continuo/contracts';
import type { RecalledItem, RecallResult } from '@continuo/ports';

/** How a recall came about, for requests that ask for it. */
export function recallExplanation(result: RecallResult): RecallExplanation {
  return {
    recall: result.state,
    missing_arms: [...result.missingArms],
    items: itemsOf(result).flatMap(explainedItem),
    absences: result.absences.map(({ id, reason, relativity }) => ({ id, reason, relativity })),
    configuration: {
      embedding_model: result.configuration.embeddingModel,
      without: [...result.configuration.without],
      candidates: result.configuration.candidates,
    },
    timings: {
      embed_ms: hundredths(result.timings.embedMs),
      index_ms: hundredths(result.timings.indexMs),
      total_ms: hundredths(result.timings.totalMs),
    },
  };
}

/** Each once: a dated fact may stand in two lists. */
function itemsOf({ facts, preferences, events, tools, skills, profiles }: RecallResult): readonly RecalledItem[] {
  const items = [facts, preferences, events, tools, skills, profiles].flat();
  return [...new Map(items.map((item) => [item.memory?.id ?? item.turn?.id, item])).values()];
}

function explainedItem(item: RecalledItem): RecallExplanation['items'] {
  const explanation = snakeCased(item.explanation);
  if (item.memory !== null) {
    const { id, kind, sourceMessageIds } = item.memory;
    return [{ id, kind, relativity: item.relativity, explanation, source_message_ids: [...sourceMessageIds] }];
  }
  if (item.turn === null) return [];
  return [{ id: item.turn.id, kind: 'turn', relativity: item.relativity, explanation, source_message_ids: [item.turn.id] }];
}

/** The wire's spelling of names; names of rules inside stay as they are. */
const snakeCased = (value: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [
      name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`),
      member,
    ]),
  );

const hundredths = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;
