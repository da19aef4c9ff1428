import { selectDeletion } from './select-deletion.ts';

describe('selectDeletion', () => {
  it.each([
    ['ids', { memory_ids: ['a'] }, { kind: 'memories', memoryIds: ['a'], ofUsers: null }],
    [
      'ids beside the user they must be of',
      { memory_ids: ['a'], user_id: 'ana' },
      { kind: 'memories', memoryIds: ['a'], ofUsers: ['ana'] },
    ],
    [
      'ids beside users they must be of',
      { memory_ids: ['a'], user_ids: ['ana', 'ben'] },
      { kind: 'memories', memoryIds: ['a'], ofUsers: ['ana', 'ben'] },
    ],
    ['a user', { user_id: 'ana' }, { kind: 'user', userId: 'ana' }],
  ])('takes %s', (_what, body, expected) => {
    expect(selectDeletion(body, false)).toEqual(expected);
  });

  it.each([
    ['nothing', {}, 'required_field_missing'],
    ['users without ids, which never erases anybody', { user_ids: ['ana'] }, 'required_field_missing'],
    ['an empty filter', { filter: {} }, 'invalid_request'],
    ['a filter', { filter: { app_id: 'a' } }, 'unsupported_here'],
    ['an agent', { agent_id: 'guide' }, 'unsupported_here'],
    ['ids and a filter', { memory_ids: ['a'], filter: { app_id: 'a' } }, 'selectors_conflict'],
    ['a user and an agent', { user_id: 'ana', agent_id: 'guide' }, 'selectors_conflict'],
  ])('refuses %s', (_what, body, code) => {
    expect(() => selectDeletion(body, false)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses ids beside a user when strict', () => {
    expect(() => selectDeletion({ memory_ids: ['a'], user_id: 'ana' }, true)).toThrow(
      expect.objectContaining({ code: 'selectors_conflict' }),
    );
  });
});
