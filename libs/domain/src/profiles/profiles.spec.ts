import { extractByRules } from '../extraction/index.ts';
import type { Candidate } from '../memory.ts';
import type { Message } from '../message.ts';
import { profileCandidates, type UpdatableField } from './profile-candidates.ts';
import { fieldsOf, propagateTemplate, treeOf, type ProfileField } from './profile-tree.ts';

const field = (path: string, value = '', algorithmUpdatable = true): ProfileField => ({
  names: path.split('.'),
  value,
  algorithmUpdatable,
});

describe('a profile tree', () => {
  it('is the same after being taken apart and put together, whatever its names are', () => {
    const fields = [field('A.B', '1'), field('C', '2', false), field('A.D.E'), { ...field('x'), names: ['__proto__', 'constructor'] }];
    expect(fieldsOf(treeOf(fields))).toEqual([fields[0], fields[2], fields[1], fields[3]]);
    expect(({} as Record<string, unknown>)['constructor']).toBe(Object);
  });

  it('takes over what the template changed and keeps what the profile has', () => {
    const before = [field('City'), field('Name', 'unknown'), field('Motto'), field('Age')];
    const after = [field('City', '', false), field('Name', 'nobody'), field('Age'), field('New', 'x')];
    const bound = [field('City', 'Paris'), field('Name', 'Ana'), field('Motto', 'Onward'), field('Age', '30', false), field('Own', 'y')];
    expect(propagateTemplate(before, after, bound)).toEqual({
      fields: [field('City', 'Paris', false), field('Name', 'nobody'), field('Age', '30', false), field('New', 'x')],
      cleared: ['Motto', 'Own', 'Name'],
    });
  });
});

const said = (content: string): readonly Candidate[] => {
  const message: Message = {
    id: 'm1',
    scope: { projectId: 'default', subject: 'user:ana' },
    conversationId: 'c',
    sequence: 1,
    place: 0,
    withheld: [],
    role: 'user',
    content,
    parts: null,
    chatTime: Date.UTC(2026, 4, 1),
    roleName: null,
    speakerId: null,
    state: 'pending',
    partial: false,
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    purpose: 'said',
    extraction: null,
    taskId: 't',
    createdAt: Date.UTC(2026, 4, 1),
  };
  return extractByRules({ messages: [message], context: [], timeZone: 'UTC' });
};

const FIELDS: readonly UpdatableField[] = [
  field('Basics.City'),
  field('基本.城市'),
  field('Basics.Occupation'),
  field('Basics.Blood type'),
  field('基本.血型'),
  field('Locked.City', '', false),
].map((each) => ({ ...each, templateId: 'tpl_1' }));

describe('what is said about fields of a profile', () => {
  it.each([
    ['I live in Lyon.', ['Basics.City: Lyon', '基本.城市: Lyon']],
    ['我住在里昂。', ['Basics.City: 里昂', '基本.城市: 里昂']],
    ['I work as a nurse.', ['Basics.Occupation: nurse']],
    ['My blood type is AB negative.', ['Basics.Blood type: AB negative']],
    ['我的血型是O型。', ['基本.血型: O型']],
    ["I don't live in Lyon any more.", []],
    ['Do I live in Lyon?', []],
    ['My sister lives in Lyon.', []],
    ['The city is nice.', []],
  ])('%s', (content, expected) => {
    const candidates = profileCandidates(said(content), FIELDS);
    expect(candidates.map(({ text }) => text).sort()).toEqual([...expected].sort());
    for (const candidate of candidates) {
      expect(candidate).toMatchObject({
        kind: 'profile',
        topicKey: `profile.tpl_1.${candidate.details.profile?.path}`,
        quotes: [expect.any(String)],
      });
    }
  });

  it('leaves alone what others say and what the assistant says', () => {
    const [city] = said('I live in Lyon.');
    if (city === undefined) throw new Error('nothing was extracted');
    expect(
      profileCandidates(
        [
          { ...city, about: 'Ben' },
          { ...city, origin: 'assistant' },
        ],
        FIELDS,
      ),
    ).toEqual([]);
  });

  it('makes the patterns of a field once, however many candidates there are, and none for a name nobody says', () => {
    const [mood] = said('My blood type is AB negative.');
    if (mood === undefined) throw new Error('nothing was extracted');
    const many = Array.from({ length: 50 }, () => mood);
    const names = ['Blood type', 'Shoe size', 'x'.repeat(256), 'x'.repeat(257), 'y'.repeat(100_000)];
    const fields = names.map((name) => ({ ...field(name), templateId: 'tpl_1' }));
    const original = globalThis.RegExp;
    let made = 0;
    globalThis.RegExp = new Proxy(original, {
      construct: (target, [source, flags]: [string, string]) => {
        made += 1;
        return new target(source, flags);
      },
    });
    try {
      expect(profileCandidates(many, fields)).toHaveLength(50);
    } finally {
      globalThis.RegExp = original;
    }
    expect(made).toBe(2 * 3);
  });
});
