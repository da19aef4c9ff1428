import { alignWithConversation, messageId, type MessageIdentity, SINGLE_OVERLAP_MS } from './message-identity.ts';
import type { MessageRole, NewMessage } from './message.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const HOUR_MS = 3_600_000;

const ROLES: Readonly<Record<string, MessageRole>> = { u: 'user', a: 'assistant', s: 'system', t: 'tool' };

/** `u:hello` is what a user says; `u:hello@5` says so five milliseconds after noon. */
function said(line: string): NewMessage {
  const [, role = 'u', content = '', time] = /^([uast]):([^@]*)(?:@(\d+))?$/.exec(line) ?? [];
  return {
    role: ROLES[role] ?? 'user',
    content,
    parts: null,
    chatTime: time === undefined ? null : NOW + Number(time),
    roleName: null,
    speakerId: null,
  };
}

/** What the incoming lines repeat, given what is stored for `ageMs`. */
const align = (stored: readonly (string | null)[], incoming: readonly string[], ageMs = HOUR_MS): readonly (number | null)[] =>
  alignWithConversation(
    stored.map((line) => (line === null ? null : { ...said(line), createdAt: NOW - ageMs })),
    incoming.map(said),
    NOW,
  );

/** Sends the lists one after the other, an hour apart, and returns what the conversation then holds. */
function conversationOf(...sends: readonly (readonly string[])[]): readonly string[] {
  const held: { readonly line: string; readonly createdAt: number }[] = [];
  sends.forEach((lines, index) => {
    const now = NOW + index * HOUR_MS;
    const matches = alignWithConversation(
      held.map(({ line, createdAt }) => ({ ...said(line), createdAt })),
      lines.map(said),
      now,
    );
    lines.forEach((line, at) => {
      if (matches[at] === null) held.push({ line, createdAt: now });
    });
  });
  return held.map(({ line }) => line);
}

describe('messageId', () => {
  const identity: MessageIdentity = {
    projectId: 'default',
    subject: 'user:ana',
    epoch: 0,
    conversationId: 'monday',
    role: 'user',
    content: 'hello',
    parts: null,
    chatTime: null,
    place: 3,
  };

  it('is a name-based UUID and the same for the same message', () => {
    expect(messageId(identity)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(messageId({ ...identity })).toBe(messageId(identity));
  });

  it.each<[string, Partial<MessageIdentity>]>([
    ['project', { projectId: 'other' }],
    ['subject', { subject: 'agent:ana' }],
    ['epoch', { epoch: 1 }],
    ['conversation', { conversationId: 'tuesday' }],
    ['role', { role: 'assistant' }],
    ['content', { content: 'hello ' }],
    ['parts', { parts: [] }],
    ['place', { place: 4 }],
    ['time', { chatTime: NOW }],
    ['a time that is the number of the place', { chatTime: 3 }],
  ])('differs by %s', (_, change) => {
    expect(messageId({ ...identity, ...change })).not.toBe(messageId(identity));
  });

  it('with a time does not depend on the place', () => {
    expect(messageId({ ...identity, chatTime: NOW, place: 9 })).toBe(messageId({ ...identity, chatTime: NOW }));
  });

  it('does not depend on the order of members inside parts', () => {
    const parts = [{ type: 'text', text: 'a', deep: { x: 1, y: [2] } }];
    const turned = [{ deep: { y: [2], x: 1 }, text: 'a', type: 'text' }];
    expect(messageId({ ...identity, parts })).toBe(messageId({ ...identity, parts: turned }));
    expect(messageId({ ...identity, parts })).not.toBe(messageId({ ...identity, parts: [...parts, ...parts] }));
  });

  it('does not let one field run into the next', () => {
    expect(messageId({ ...identity, conversationId: 'a","user', role: 'user' })).not.toBe(messageId({ ...identity, conversationId: 'a' }));
  });
});

describe('alignWithConversation', () => {
  it('takes everything as new in an empty conversation, repeats included', () => {
    expect(align([], ['u:ok', 'u:ok'])).toEqual([null, null]);
  });

  it('recognises a whole history sent again, however late', () => {
    expect(align(['u:a', 'a:b', 'u:c'], ['u:a', 'a:b', 'u:c'])).toEqual([0, 1, 2]);
  });

  it('holds sixteen copies of one request once', () => {
    const copy = ['u:hello', 'a:hi'];
    expect(conversationOf(...Array.from({ length: 16 }, () => copy))).toEqual(copy);
  });

  it.each([
    ['plain', []],
    ['behind a system message', ['s:be kind']],
  ])('appends only the rest of a growing history, %s', (_, start) => {
    const lines = [...start, 'u:a', 'a:b', 'u:a', 'a:b', 'u:c', 'a:d'];
    const sends = lines.map((_line, index) => lines.slice(0, index + 1));
    expect(conversationOf(...sends)).toEqual(lines);
    expect(conversationOf(...sends, lines, lines)).toEqual(lines);
  });

  it('recognises a growing history whose system message comes, changes or goes', () => {
    expect(conversationOf(['u:a', 'a:b'], ['s:be kind', 'u:a', 'a:b', 'u:c'])).toEqual(['u:a', 'a:b', 's:be kind', 'u:c']);
    expect(conversationOf(['s:be kind', 'u:a'], ['s:be brief', 'u:a', 'a:b'])).toEqual(['s:be kind', 'u:a', 's:be brief', 'a:b']);
    expect(conversationOf(['s:be kind', 'u:a'], ['u:a', 'a:b'])).toEqual(['s:be kind', 'u:a', 'a:b']);
  });

  it('keeps one copy of an instruction that comes with every message', () => {
    expect(conversationOf(['s:be kind', 'u:a'], ['s:be kind', 'u:b'], ['s:be kind', 'u:c'])).toEqual(['s:be kind', 'u:a', 'u:b', 'u:c']);
  });

  it.each([
    ['plain', []],
    ['behind a system message', ['s:be kind']],
  ])('appends only the end of a window over the last messages, %s', (_, start) => {
    const lines = Array.from({ length: 30 }, (_item, index) => `${index % 2 === 0 ? 'u' : 'a'}:line ${index}`);
    const sends = lines.map((_line, index) => [...start, ...lines.slice(Math.max(0, index - 5), index + 1)]);
    expect(conversationOf(...sends)).toEqual([...start, ...lines]);
  });

  it('keeps "ok" said in three turns three times', () => {
    expect(conversationOf(['u:ok', 'a:first'], ['u:ok', 'a:second'], ['u:ok', 'a:third'])).toEqual([
      'u:ok',
      'a:first',
      'u:ok',
      'a:second',
      'u:ok',
      'a:third',
    ]);
    expect(conversationOf(['u:ok'], ['a:first'], ['u:ok'], ['a:second'], ['u:ok'])).toHaveLength(5);
  });

  it('takes one repeated message for a re-send for ten minutes only', () => {
    expect(align(['u:ok'], ['u:ok'], SINGLE_OVERLAP_MS - 1)).toEqual([0]);
    expect(align(['u:ok'], ['u:ok'], SINGLE_OVERLAP_MS)).toEqual([null]);
    expect(align(['u:a', 'u:ok'], ['u:ok', 'a:sure'], SINGLE_OVERLAP_MS - 1)).toEqual([1, null]);
    expect(align(['u:a', 'u:ok'], ['u:ok', 'a:sure'], SINGLE_OVERLAP_MS)).toEqual([null, null]);
  });

  it('lets a conversation of one message grow, however old', () => {
    expect(align(['u:a'], ['u:a', 'a:b'])).toEqual([0, null]);
  });

  it('prefers the longest overlap with the tail', () => {
    expect(align(['u:x', 'u:a', 'u:a', 'u:a'], ['u:a', 'u:a', 'u:a', 'u:b'])).toEqual([1, 2, 3, null]);
  });

  it('recognises an earlier state of a history sent late, but not a first turn said again', () => {
    const stored = ['u:a', 'a:b', 'u:c', 'a:d', 'u:e', 'a:f'];
    expect(align(stored, stored.slice(0, 4))).toEqual([0, 1, 2, 3]);
    expect(align(stored, stored.slice(0, 2))).toEqual([null, null]);
    expect(align(stored, stored.slice(0, 2), 1_000)).toEqual([0, 1]);
  });

  it('tells roles apart', () => {
    expect(align(['u:a', 'a:b'], ['a:a', 'u:b'])).toEqual([null, null]);
  });

  it('tells content in parts from its text', () => {
    const stored = [{ ...said('u:a'), createdAt: NOW }];
    expect(alignWithConversation(stored, [{ ...said('u:a'), parts: [{ type: 'image' }] }], NOW)).toEqual([null]);
  });

  it('recognises a message with a time wherever it stands, and only with the same time', () => {
    const stored = ['u:ok@1', 'u:ok@2', 'u:ok@3', 'a:end'];
    expect(align(stored, ['u:ok@2'])).toEqual([1]);
    expect(align(stored, ['u:ok@4', 'u:ok@3', 'u:ok@1'])).toEqual([null, 2, 0]);
  });

  it('recognises what follows a message with a time', () => {
    expect(align(['u:a@1', 'a:b', 'u:c@2', 'a:d'], ['u:new@9', 'u:a@1', 'a:b', 'a:other'])).toEqual([null, 0, 1, null]);
  });

  it('takes a message with a time for new where the stored one has none', () => {
    expect(align(['u:a', 'a:b'], ['u:a@1', 'a:b@2'])).toEqual([null, null]);
  });

  it('recognises a history whose times were left out the second time', () => {
    expect(align(['u:a@1', 'a:b@2'], ['u:a', 'a:b', 'u:c'])).toEqual([0, 1, null]);
  });

  it('does not read across a gap', () => {
    expect(align(['u:a', 'a:b', null, 'u:c', 'a:d'], ['u:a', 'a:b', 'u:c', 'a:d'])).toEqual([null, null, null, null]);
    expect(align(['u:a', 'a:b', null, 'u:c', 'a:d'], ['u:c', 'a:d', 'u:e'])).toEqual([3, 4, null]);
  });
});
