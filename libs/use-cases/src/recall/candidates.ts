import { documentOfMemory, documentOfMessage, matchesFilter, type RecallCandidate, sameScope } from '@continuo/domain';
import type { ArmHits, Overlay, RecallRequest, RecallSpace } from '@continuo/ports';
import { kindsToFind } from './views.ts';

/** How much of the newest turns is read beside the index, which is seldom more than a moment behind: reading takes time on this thread. */
const OVERLAY_CHARACTERS = 60_000;

/** What was found in one space. */
export interface FoundSpace {
  readonly space: RecallSpace;
  /** Of another space than the caller's own. */
  readonly elsewhere: boolean;
  readonly hits: ArmHits;
  readonly overlay: Overlay;
}

/**
 * Union of the arms by id; the overlay's newer knowledge replaces, adds and removes. Whatever a store returned, only what is of the
 * space and matches its filter stays.
 */
export function candidatesOf({ space, elsewhere, hits, overlay }: FoundSpace, limits: RecallRequest['limits']): readonly RecallCandidate[] {
  const candidates = new Map<string, RecallCandidate>();
  const lexical = new Map(hits.words.map(({ document, rank, score }) => [document.id, { rank, score }]));
  for (const hit of [...hits.words, ...hits.vectors, ...hits.window]) {
    if (candidates.has(hit.document.id)) continue;
    candidates.set(hit.document.id, {
      document: hit.document,
      features: hit.features ?? null,
      lexical: lexical.get(hit.document.id) ?? null,
      cosine: hits.cosines.get(hit.document.id) ?? null,
      overlay: false,
      elsewhere,
    });
  }
  const take = (document: RecallCandidate['document']): void => {
    const known = candidates.get(document.id);
    candidates.set(document.id, { document, lexical: known?.lexical ?? null, cosine: known?.cosine ?? null, overlay: true, elsewhere });
  };
  for (const memory of overlay.memories) {
    if (memory.status === 'current') take(documentOfMemory(memory));
    else candidates.delete(memory.id);
  }
  let characters = OVERLAY_CHARACTERS;
  for (const turn of overlay.turns) {
    if (characters <= 0) break;
    const document = documentOfMessage(turn, 0);
    take({ ...document, text: document.text.slice(0, characters) });
    characters -= document.text.length;
  }
  const kinds = new Set(kindsToFind(limits));
  return [...candidates.values()].filter(
    ({ document }) =>
      kinds.has(document.kind) &&
      sameScope(document.scope, space.scope) &&
      (space.filter === null || matchesFilter(document, space.filter)),
  );
}

/** Candidates of all spaces; an id that two of them name is the first one's. */
export function candidatesOfAll(found: readonly FoundSpace[], limits: RecallRequest['limits']): readonly RecallCandidate[] {
  const candidates = new Map<string, RecallCandidate>();
  for (const candidate of found.flatMap((each) => candidatesOf(each, limits))) {
    if (!candidates.has(candidate.document.id)) candidates.set(candidate.document.id, candidate);
  }
  return [...candidates.values()];
}
