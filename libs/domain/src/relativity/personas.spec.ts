import { readFileSync } from 'node:fs';
import { documentOfMemory, documentOfMessage } from '../documents.ts';
import { extractByRules } from '../extraction/extract-by-rules.ts';
import type { Message, MessageRole } from '../message.ts';
import { NOW } from './candidate.builder.ts';
import { analyseQuery } from './query-analysis.ts';
import { scoreCandidates } from './score.ts';
import { DEFAULT_MIN_RELATIVITY, type RecallCandidate } from './types.ts';

/** A person of our own invention: what they say, each sentence in a conversation of its own, and what they ask later. */
interface Persona {
  readonly name: string;
  readonly says: readonly string[];
  readonly asks: readonly {
    readonly query: string;
    /** Places of the sentences that must be recalled. */
    readonly above: readonly number[];
    /** Places on which reasonable people differ. All others must not be recalled. */
    readonly either?: readonly number[];
  }[];
}

const personas = JSON.parse(readFileSync(new URL('./personas.fixture.json', import.meta.url), 'utf8')) as readonly Persona[];

const SCOPE = { projectId: 'p', subject: 'user:u' } as const;
const LABELS = { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] };
const DAY_MS = 86_400_000;

const messageOf = (place: number, role: MessageRole, content: string): Message => ({
  id: `${role}-${place}`,
  scope: SCOPE,
  conversationId: `c${place}`,
  sequence: place,
  place: 0,
  withheld: [],
  role,
  content,
  parts: null,
  chatTime: null,
  roleName: null,
  speakerId: null,
  purpose: 'said' as const,
  extraction: null,
  labels: LABELS,
  createdAt: NOW - 10 * DAY_MS + place,
  state: 'processed',
  partial: false,
  taskId: 't',
});

/** What is remembered of a sentence: the memories that the rules draw from it, and the turn itself. */
function documentsOf(says: string, place: number): readonly RecallCandidate['document'][] {
  const message = messageOf(place, 'user', says);
  const memories = extractByRules({ messages: [message], context: [], timeZone: 'UTC' }).map((candidate, index) =>
    documentOfMemory({
      ...candidate,
      id: `memory-${place}-${index}`,
      scope: SCOPE,
      conversationId: message.conversationId,
      evidence: 1,
      sourceSequence: place,
      status: 'current',
      supersededBy: null,
      validFrom: message.createdAt,
      validTo: null,
      labels: LABELS,
      createdAt: message.createdAt,
      updatedAt: message.createdAt,
      indexVersion: 1,
    }),
  );
  return [...memories, documentOfMessage(message, 1)];
}

describe.each(personas)('what $name told', ({ says, asks }) => {
  const documents = says.map(documentsOf);
  const places = new Map(documents.flatMap((each, place) => each.map((document) => [document.id, place] as const)));
  const candidates = documents.flat().map((document) => ({ document, lexical: null, cosine: null, overlay: false }));

  it.each(asks)('answers "$query" by words alone, with that and no more', ({ query, above, either }) => {
    const scored = scoreCandidates(analyseQuery(query), candidates, {
      now: NOW,
      conversationId: null,
      timeWindow: null,
      calibration: null,
    });
    const recalled = scored
      .filter(({ relativity }) => relativity >= DEFAULT_MIN_RELATIVITY)
      .map(({ document }) => places.get(document.id) ?? -1);
    // Of a memory and its turn either will do: the memory stands for both where it is recalled.
    const found = new Set(recalled.filter((place) => either?.includes(place) !== true));
    expect([...found].toSorted((a, b) => a - b).map((place) => says[place])).toEqual(
      above.toSorted((a, b) => a - b).map((place) => says[place]),
    );
  });
});
