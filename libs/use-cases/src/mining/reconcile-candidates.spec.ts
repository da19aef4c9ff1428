import type { Candidate, Memory, Message } from '@continuo/domain';
import type { InboxBatch, NeighbourQuery, RecallApi, RecallRequest, StructuredModel, StructuredRequest } from '@continuo/ports';
import { ReconcileCandidates } from './reconcile-candidates.ts';

const SCOPE = { projectId: 'default', subject: 'user:ana' } as const;
const MONDAY = Date.UTC(2026, 10, 16);
const NO_LABELS = { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] };

const aCandidate = (text: string, more: Partial<Candidate> = {}): Candidate => ({
  kind: 'fact',
  preferenceType: null,
  reasoning: '',
  title: text,
  text,
  language: 'en',
  topicKey: null,
  topicValue: null,
  negated: false,
  about: null,
  origin: 'user',
  entities: [],
  keyPhrases: [],
  eventTime: null,
  confidence: 0.9,
  details: {},
  sourceMessageIds: ['m2'],
  quotes: [text],
  statedAt: MONDAY,
  extractor: 'model:scripted',
  ...more,
});

const aMemory = (id: string, text: string): Memory => ({
  ...aCandidate(text, { sourceMessageIds: ['m1'] }),
  id,
  scope: SCOPE,
  conversationId: 'c',
  evidence: 1,
  sourceSequence: 1,
  status: 'current',
  supersededBy: null,
  validFrom: MONDAY,
  validTo: null,
  labels: NO_LABELS,
  createdAt: MONDAY,
  updatedAt: MONDAY,
  indexVersion: 1,
});

const message = {
  id: 'm2',
  sequence: 2,
  role: 'user',
  content: '',
  purpose: 'said',
  labels: NO_LABELS,
} as unknown as Message;

const batch = (): InboxBatch => ({
  scope: SCOPE,
  conversationId: 'c',
  epoch: 0,
  revision: 0,
  messages: [message],
  context: [],
  journal: null,
  attempts: 0,
});

/** A subject that knows these memories, all of them near everything that is looked for. */
function aSubject(known: readonly Memory[]) {
  const calls: StructuredRequest[] = [];
  const searches: RecallRequest[] = [];
  const queries: NeighbourQuery[] = [];
  const recall = {
    search: async (request: RecallRequest) => {
      searches.push(request);
      return { facts: known.map((memory) => ({ memory })), preferences: [], missingArms: [] };
    },
  } as unknown as RecallApi;
  const model = {
    available: () => true,
    complete: async (request: StructuredRequest) => {
      calls.push(request);
      return { items: [], modelName: 'scripted', usage: { promptTokens: 1, answerTokens: 1 } };
    },
  } as unknown as StructuredModel;
  const memories = {
    neighbours: async (_scope: unknown, query: NeighbourQuery) => {
      queries.push(query);
      return { revision: 1, memories: known, denials: [] };
    },
    byIds: async () => [],
    list: async () => ({ items: [], total: 0 }),
  };
  const usage = { add: async () => undefined, spent: async () => 0 };
  const reconcile = new ReconcileCandidates(memories, { byIds: async () => [] }, recall, model, usage);
  return { reconcile, calls, searches, queries };
}

const SIGNAL = new AbortController().signal;

describe('reconciling a batch', () => {
  it('asks the model once, however many candidates the rules leave open', async () => {
    const { reconcile, calls } = aSubject([aMemory('k1', 'I spend my evenings in the workshop'), aMemory('k2', 'I am restoring a boat')]);
    const candidates = Array.from({ length: 30 }, (_, index) => aCandidate(`I build model ship number ${index}`));
    await reconcile.execute(batch(), candidates, SIGNAL);
    expect(calls.map(({ role }) => role)).toEqual(['reconcile']);
  });

  it('does not ask again when another writer was faster and the batch is decided anew', async () => {
    const { reconcile, calls } = aSubject([aMemory('k1', 'I spend my evenings in the workshop')]);
    const same = batch();
    for (let race = 0; race < 3; race += 1) await reconcile.execute(same, [aCandidate('I build model ships')], SIGNAL);
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['what the rules extracted', aCandidate('I build model ships', { extractor: 'rules' })],
    ['what the rules can place', aCandidate('I restore a boat')],
    ['what says a known thing in other words', aCandidate('I have been restoring a boat')],
  ])('asks no model about %s', async (_what, candidate) => {
    const { reconcile, calls } = aSubject([aMemory('k1', 'I restore a boat')]);
    await reconcile.execute(batch(), [candidate], SIGNAL);
    expect(calls).toEqual([]);
  });

  it('embeds nothing for what rules compare, and looks for it by the slot that its words fill', async () => {
    const { reconcile, searches, queries } = aSubject([]);
    await reconcile.execute(batch(), [aCandidate('My shoe size is 41', { extractor: 'rules' })], SIGNAL);
    expect(searches.map(({ embed }) => embed)).toEqual([false]);
    expect(queries.map(({ topicKeys }) => topicKeys)).toEqual([['own.shoe size']]);
  });
});
