import { type DeletionForms, selectDeletion } from './select-deletion.ts';

const FORMS: DeletionForms = { strict: false, timeZone: 'UTC', independentAgents: false };
const APP_A = { op: 'equals', field: { name: 'app_id' }, value: 'a' };

describe('selectDeletion', () => {
  it.each([
    ['ids', { memory_ids: ['a'] }, { kind: 'memories', memoryIds: ['a'], restrictTo: null, memoryKind: null }],
    [
      'ids beside the user they must be of',
      { memory_ids: ['a'], user_id: 'ana' },
      { kind: 'memories', memoryIds: ['a'], restrictTo: ['user:ana'], memoryKind: null },
    ],
    [
      'ids beside users they must be of',
      { memory_ids: ['a'], user_ids: ['ana', 'ben'] },
      { kind: 'memories', memoryIds: ['a'], restrictTo: ['user:ana', 'user:ben'], memoryKind: null },
    ],
    ['a user', { user_id: 'ana' }, { kind: 'subject', subject: 'user:ana', memoryKind: null }],
    [
      'a user and one kind, which never erases the user',
      { user_id: 'ana', memory_type: 'preference' },
      { kind: 'subject', subject: 'user:ana', memoryKind: 'preference' },
    ],
    [
      'ids beside a type that is no view',
      { memory_ids: ['a'], memory_type: 'text' },
      { kind: 'memories', memoryIds: ['a'], restrictTo: null, memoryKind: null },
    ],
    [
      'users that are none beside a filter',
      { user_ids: [], filter: { app_id: 'a' } },
      { kind: 'filter', filter: expect.anything(), memoryKind: null },
    ],
    ['a filter', { filter: { app_id: 'a' } }, { kind: 'filter', filter: expect.objectContaining(APP_A), memoryKind: null }],
    [
      'a filter and a kind',
      { filter: { and: [{ app_id: 'a' }] }, memory_type: 'tool_memory' },
      { kind: 'filter', filter: expect.anything(), memoryKind: 'tool' },
    ],
  ])('takes %s', (_what, body, expected) => {
    expect(selectDeletion(body, FORMS)).toEqual(expected);
  });

  it('takes an agent where agents have memories of their own', () => {
    expect(selectDeletion({ agent_id: 'guide' }, { ...FORMS, independentAgents: true })).toEqual({
      kind: 'subject',
      subject: 'agent:guide',
      memoryKind: null,
    });
  });

  it.each([
    ['nothing', {}, 'required_field_missing'],
    ['users without ids, which never erases anybody', { user_ids: ['ana'] }, 'required_field_missing'],
    ['an empty filter', { filter: {} }, 'invalid_request'],
    ['a filter whose groups are unset', { filter: { and: null } }, 'invalid_request'],
    ['a filter for one source, which would delete the others whole', { filter: { user: { app_id: 'a' } } }, 'invalid_request'],
    ['a filter with an unknown operator', { filter: { and: [{ scene: { near: 'x' } }] } }, 'invalid_request'],
    ['an agent that is a label', { agent_id: 'guide' }, 'invalid_request'],
    ['ids and a filter', { memory_ids: ['a'], filter: { app_id: 'a' } }, 'selectors_conflict'],
    ['ids and an agent', { memory_ids: ['a'], agent_id: 'guide' }, 'selectors_conflict'],
    ['a user and an agent', { user_id: 'ana', agent_id: 'guide' }, 'selectors_conflict'],
    ['a filter and users, who alone are meant', { user_ids: ['ana'], filter: { app_id: 'a' } }, 'selectors_conflict'],
    ['a user and a filter', { user_id: 'ana', filter: { app_id: 'a' } }, 'selectors_conflict'],
  ])('refuses %s', (_what, body, code) => {
    expect(() => selectDeletion(body, FORMS)).toThrow(expect.objectContaining({ code }));
  });

  it.each([{ user_id: 'ana' }, { filter: { app_id: 'a' } }])('refuses %j beside a type that is no view: all would be deleted', (body) => {
    for (const memory_type of ['text', 7, ['preference']])
      expect(() => selectDeletion({ ...body, memory_type }, FORMS)).toThrow(
        expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(/^memory_type /u) }),
      );
  });

  it('refuses ids beside a user when strict', () => {
    expect(() => selectDeletion({ memory_ids: ['a'], user_id: 'ana' }, { ...FORMS, strict: true })).toThrow(
      expect.objectContaining({ code: 'selectors_conflict' }),
    );
  });
});
