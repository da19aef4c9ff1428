import type { Candidate, Memory } from '../memory.ts';
import { documentOfMemory } from '../documents.ts';
import { editedMemory, type MemoryChange } from './edited-memory.ts';
import { reconcile } from './reconcile.ts';
import { excludeEachOther } from './two-statements.ts';

const MONDAY = Date.UTC(2026, 10, 16);
const TUESDAY = MONDAY + 86_400_000;
const AT = { now: TUESDAY, sequence: 9 };

const PARIS: Memory = {
  id: 'm',
  scope: { projectId: 'p', subject: 'user:ana' },
  conversationId: 'c',
  kind: 'fact',
  preferenceType: null,
  reasoning: '',
  title: 'I live in Paris',
  text: 'I live in Paris',
  language: 'en',
  topicKey: 'home.city',
  topicValue: 'paris',
  negated: false,
  about: null,
  origin: 'user',
  entities: ['Paris'],
  keyPhrases: ['home'],
  eventTime: null,
  confidence: 0.9,
  details: {},
  sourceMessageIds: ['m1'],
  quotes: ['I live in Paris, you know'],
  evidence: 1,
  statedAt: MONDAY,
  sourceSequence: 1,
  status: 'current',
  supersededBy: null,
  validFrom: MONDAY,
  validTo: null,
  labels: { tags: ['a'], info: {}, appId: null, agentId: null, relatedIds: [] },
  extractor: 'model:scripted',
  createdAt: MONDAY,
  updatedAt: MONDAY,
  indexVersion: 3,
};

const edit = (change: Partial<MemoryChange>, memory = PARIS): Memory =>
  editedMemory(memory, { text: null, title: null, status: null, details: null, ...change }, AT);

describe('an edited memory', () => {
  it('is found by nothing of its old wording', () => {
    const document = documentOfMemory(edit({ text: 'I live in Lyon.' }));
    expect(JSON.stringify(document)).not.toContain('Paris');
    expect(document).toMatchObject({ id: 'm', text: 'I live in Lyon.', updatedAt: TUESDAY, indexVersion: 4 });
  });

  it('keeps its slot with the new value, says it now, and keeps where it came from', () => {
    expect(edit({ text: 'I live in Lyon.' })).toMatchObject({
      topicKey: 'home.city',
      topicValue: 'lyon',
      confidence: 0.99,
      statedAt: TUESDAY,
      sourceSequence: 9,
      sourceMessageIds: ['m1'],
      labels: PARIS.labels,
      createdAt: MONDAY,
    });
  });

  it.each([
    ['leaves its slot when it says something else', 'I work at Acme.'],
    ['leaves its slot for another one', 'My birthday is May 3.'],
  ])('%s', (_what, text) => {
    const edited = edit({ text });
    expect(edited.topicKey === null || edited.topicKey === 'home.city').toBe(true);
    expect(edited.topicValue).toBeNull();
  });

  it('takes no slot that it did not have', () => {
    expect(edit({ text: 'I live in Lyon.' }, { ...PARIS, topicKey: null, topicValue: null })).toMatchObject({
      topicKey: null,
      topicValue: null,
    });
  });

  it('keeps of when, where and who what it still says', () => {
    const details = { event: { times: ['in May'], locations: ['Paris', 'Oslo'], roles: [] } };
    expect(edit({ text: 'I fly to Oslo in May.' }, { ...PARIS, details }).details).toEqual({
      event: { times: ['in May'], locations: ['Oslo'], roles: [] },
    });
  });

  it('that is history stays as old as it was', () => {
    const archived: Memory = { ...PARIS, status: 'superseded', supersededBy: 'n', validTo: TUESDAY };
    expect(edit({ text: 'I live in Lyon.' }, archived)).toMatchObject({
      status: 'superseded',
      supersededBy: 'n',
      statedAt: MONDAY,
      validTo: TUESDAY,
    });
  });

  it('ends when it is archived, and holds again when it is brought back', () => {
    const archived = edit({ status: 'superseded' });
    expect(archived).toMatchObject({
      status: 'superseded',
      supersededBy: null,
      validTo: TUESDAY,
      text: PARIS.text,
      extractor: PARIS.extractor,
    });
    expect(edit({ status: 'current' }, archived)).toMatchObject({ status: 'current', validTo: null, statedAt: TUESDAY, sourceSequence: 9 });
  });

  it('stays a field of a profile whatever is written into it', () => {
    const field: Memory = { ...PARIS, kind: 'profile', title: 'City', topicKey: 'profile.city', topicValue: 'paris' };
    expect(edit({ text: 'Lyon' }, field)).toMatchObject({ title: 'City', topicKey: 'profile.city', text: 'Lyon' });
  });

  const mine = (candidate: Partial<Candidate>, known: Memory) => {
    const drawn: Candidate = { ...PARIS, sourceMessageIds: ['m1'], ...candidate };
    const { insert, supersede } = reconcile({
      scope: PARIS.scope,
      conversationId: 'c',
      candidates: [drawn],
      known: [known],
      denials: [],
      sequences: new Map([
        ['m1', 1],
        ['m2', 2],
        ['m9', 9],
        ['m12', 12],
      ]),
      labels: new Map(),
      verdicts: new Map(),
      now: TUESDAY,
    });
    return { inserted: insert.map(({ status }) => status), superseded: supersede.map(({ id }) => id) };
  };

  it.each(['rules', 'model:other'])('is not undone by another reading of its message by %s', (extractor) => {
    const edited = edit({ text: 'I keep two cats and a goat.' }, { ...PARIS, topicKey: null, topicValue: null });
    const again = { text: 'The user keeps two cats.', extractor, topicKey: null, topicValue: null };
    expect(mine(again, edited)).toEqual({ inserted: [], superseded: [] });
  });

  it('is superseded by what is said later in its slot, and not by what was said before', () => {
    const edited = edit({ text: 'I live in Lyon.' });
    const rome = { text: 'I live in Rome', topicValue: 'rome' };
    expect(mine({ ...rome, statedAt: MONDAY + 1, sourceMessageIds: ['m2'] }, edited)).toEqual({ inserted: ['superseded'], superseded: [] });
    expect(mine({ ...rome, statedAt: TUESDAY, sourceMessageIds: ['m9'] }, edited)).toEqual({ inserted: ['superseded'], superseded: [] });
    expect(mine({ ...rome, statedAt: TUESDAY + 1, sourceMessageIds: ['m12'] }, edited)).toEqual({
      inserted: ['current'],
      superseded: ['m'],
    });
  });

  it('excludes what stands in its slot, and not itself or what merely denies another value', () => {
    const rome: Memory = { ...PARIS, id: 'r', topicValue: 'rome' };
    expect(excludeEachOther(PARIS, rome)).toBe(true);
    expect(excludeEachOther(PARIS, PARIS)).toBe(false);
    expect(excludeEachOther(PARIS, { ...rome, negated: true })).toBe(false);
  });
});

describe('a very long new wording', () => {
  it('is kept whole, and its first 12,000 characters are read', () => {
    const change = { title: null, status: null, details: null };
    const filler = (length: number): string => 'it is so. '.repeat(length / 10);
    const near = editedMemory(PARIS, { ...change, text: `${filler(11_000)}I met Zoe in Oslo.` }, AT);
    const far = editedMemory(PARIS, { ...change, text: `${filler(99_000)}I met Zoe in Oslo.` }, AT);
    expect(near.entities).toContain('Oslo');
    expect(far.entities).not.toContain('Oslo');
    expect(far.text).toHaveLength(99_018);
  });

  it.each(['my ', 'I ', '  \n', '我的', '. ', 'Aa ', "I'm not ", 'on Monday '])('is read to its end, made of %j alone', (unit) => {
    const text = `I live in${unit.repeat(Math.floor(99_000 / unit.length))}x`;
    expect(editedMemory(PARIS, { text, title: null, status: null, details: null }, AT).text).toBe(text);
  });
});
