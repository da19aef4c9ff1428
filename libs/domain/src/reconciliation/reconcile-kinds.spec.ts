import type { Candidate, Memory } from '../memory.ts';
import { reconcile, type Reconciliation } from './reconcile.ts';

const SCOPE = { projectId: 'p', subject: 'user:ana' } as const;
const NOON = Date.UTC(2026, 10, 16, 12);

const aCandidate = (kind: Candidate['kind'], text: string, message: string, more: Partial<Candidate> = {}): Candidate => ({
  kind,
  preferenceType: null,
  reasoning: '',
  title: text,
  text,
  language: 'en',
  topicKey: null,
  topicValue: null,
  negated: false,
  about: null,
  origin: kind === 'fact' || kind === 'event' ? 'user' : 'tool',
  entities: [],
  keyPhrases: [],
  eventTime: null,
  confidence: 0.9,
  details: {},
  sourceMessageIds: [message],
  quotes: [],
  statedAt: NOON + Number(message.slice(1)),
  extractor: 'rules',
  ...more,
});

const run = (candidates: readonly Candidate[], known: readonly Memory[] = []): Reconciliation =>
  reconcile({
    scope: SCOPE,
    conversationId: 'c',
    candidates,
    known,
    denials: [],
    sequences: new Map(candidates.flatMap(({ sourceMessageIds }) => sourceMessageIds.map((id) => [id, Number(id.slice(1))]))),
    labels: new Map(),
    verdicts: new Map(),
    now: NOON,
  });

describe('reconciliation of what is no sentence', () => {
  it.each(['tool', 'skill'] as const)('counts the same %s as evidence, and nothing that is merely alike', (kind) => {
    const known = run([aCandidate(kind, 'weather({"city":"Oslo"}) → sunny', 'm1')]).insert;
    expect(run([aCandidate(kind, 'weather({"city":"Oslo"}) → sunny', 'm2')], known)).toMatchObject({
      insert: [],
      evidence: [{ id: known[0]?.id }],
    });
    expect(run([aCandidate(kind, 'weather({"city":"Oslo"}) → it is sunny', 'm2')], known).insert).toHaveLength(1);
    expect(
      run([aCandidate('fact', 'It is sunny in Oslo', 'm2')], run([aCandidate('fact', 'It is so sunny in Oslo', 'm1')]).insert).insert,
    ).toEqual([]);
  });

  it.each(['tool', 'skill'] as const)('replaces a %s in its slot and leaves the messages it came from to be found', (kind) => {
    const slot = { topicKey: `${kind}.x` };
    const known = run([aCandidate(kind, 'old', 'm1', slot)]).insert;
    const { insert, supersede, hide } = run([aCandidate(kind, 'new', 'm2', slot)], known);
    expect(insert).toMatchObject([{ text: 'new', status: 'current' }]);
    expect(supersede).toMatchObject([{ id: known[0]?.id, by: insert[0]?.id }]);
    expect(hide).toEqual([]);
    expect(run([aCandidate(kind, 'late', 'm0', slot)], known)).toMatchObject({ insert: [{ status: 'superseded' }], hide: [] });
  });

  it("lets a model's reading of a message replace nothing that stands in a file sent with it, nor the file a reading", () => {
    const piece = aCandidate('fact', 'I live in Oslo and work as a nurse there', 'm1', { origin: 'document', extractor: 'document' });
    const reading = aCandidate('fact', 'I live in Oslo', 'm1');
    const byModel = { ...reading, extractor: 'model:x' };
    for (const candidates of [
      [piece, reading],
      [reading, piece],
      [piece, byModel],
      [byModel, piece],
    ])
      expect(run(candidates).insert.map(({ status }) => status)).toEqual(['current', 'current']);
  });

  it('marks what was read in a file with the tag that clients know it by', () => {
    const { insert } = run([aCandidate('fact', 'The lease ends in May', 'm1', { origin: 'document' }), aCandidate('fact', 'I sail', 'm1')]);
    expect(insert.map(({ labels }) => labels.tags)).toEqual([['multimodal:file'], []]);
  });

  it('keeps two people apart who fill the same slot, and replaces what each of them said', () => {
    const ben = { topicKey: 'person.ben.habit.smoking', topicValue: 'smoking', about: 'Ben' };
    const known = run([
      aCandidate('fact', 'I smoke', 'm1', { topicKey: 'habit.smoking', topicValue: 'smoking' }),
      aCandidate('fact', 'Ben: I smoke', 'm2', ben),
    ]).insert;
    expect(known).toHaveLength(2);
    const { supersede } = run(
      [aCandidate('fact', 'Ben: I stopped smoking', 'm3', { ...ben, topicValue: 'stopped', negated: true })],
      known,
    );
    expect(supersede.map(({ id }) => id)).toEqual([known[1]?.id]);
  });
});
