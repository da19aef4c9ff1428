import type { KnowledgeBase } from '@continuo/ports';
import { ResolveSpaces } from './resolve-spaces.ts';

const BASES: readonly KnowledgeBase[] = Array.from({ length: 130 }, (_, index) => ({
  id: `base-${index}`,
  scope: { projectId: 'maker', subject: `base:base-${index}` },
  name: '',
  description: '',
  createdAt: index,
}));
const NO_FILTERS = { user: null, agent: null, public: null, knowledgebase: null };

describe('ResolveSpaces', () => {
  const resolve = (knowledgeBaseIds: readonly string[]) =>
    new ResolveSpaces({ linkedTo: () => Promise.resolve(BASES) }).execute({
      project: { id: 'default' },
      subject: 'user:ana',
      knowledgeBaseIds,
      filters: NO_FILTERS,
    });
  const ids = (count: number) => BASES.slice(0, count).map(({ id }) => id);

  it('takes up to a hundred knowledge bases, each once', async () => {
    expect((await resolve([...ids(100), ...ids(3)])).others).toHaveLength(101);
  });

  it('refuses more, by the name of the field', async () => {
    await expect(resolve(ids(101))).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/^knowledgebase_ids /u) as string,
    });
  });

  it('takes the oldest hundred for all', async () => {
    const { others } = await resolve(['all']);
    expect(others.map(({ scope }) => scope.subject)).toEqual(['public:all', ...ids(100).map((id) => `base:${id}`)]);
  });
});
