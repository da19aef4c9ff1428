import { AppError } from '@continuo/contracts';
import type { Message } from '@continuo/domain';
import { jest } from '@jest/globals';
import type { DocumentReader, FileFetcher, GivenFile, PartReader, ReadDocument } from '@continuo/ports';
import { partCandidates } from './part-candidates.ts';
import { ReadParts } from './read-parts.ts';

const NOW = { signal: new AbortController().signal, isLastAttempt: false };
const LAST = { ...NOW, isLastAttempt: true };
const TEXT = Buffer.from('The lease ends in May.').toString('base64');

const message = (parts: unknown, more: Partial<Message> = {}): Message => ({
  id: 'x1',
  role: 'user',
  content: 'Here it is.',
  parts,
  chatTime: 7,
  roleName: null,
  speakerId: null,
  purpose: 'said',
  extraction: null,
  scope: { projectId: 'default', subject: 'user:ana' },
  conversationId: 'c1',
  sequence: 1,
  place: 0,
  withheld: [],
  state: 'pending',
  partial: false,
  labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
  taskId: 't1',
  createdAt: 0,
  ...more,
});
const file = (data: string, more: object = {}) => ({ type: 'file', file: { file_data: data, ...more } });
const image = { type: 'image_url', image_url: { url: 'https://example.com/room.png' } };

/** A reader of plain text that remembers what it was given; every line is a paragraph of its own. */
const reading = (trouble: AppError | null = null, away: AppError | null = null) => {
  const given: GivenFile[] = [];
  const documents: DocumentReader = {
    read: async (each): Promise<ReadDocument> => {
      if (trouble !== null) throw trouble;
      given.push(each);
      const lines = Buffer.from(each.bytes).toString().split('\n');
      return { format: 'txt', title: null, pages: null, blocks: lines.map((text) => ({ kind: 'text', level: null, text, page: null })) };
    },
  };
  const fetcher: FileFetcher = {
    fetch: async (url) => {
      if (away !== null && url.includes('away')) throw away;
      return { bytes: Buffer.from('The flight leaves at nine.'), name: 'flight.txt', declaredType: 'text/plain' };
    },
  };
  return { given, reader: new ReadParts(documents, fetcher) };
};

describe('a file in a message', () => {
  it('says what stands in it, as a document, and nothing of who sent it', async () => {
    const { reader } = reading();
    const { candidates: found } = await partCandidates([message({ content: [file(TEXT, { filename: 'lease.txt' })] })], reader, NOW);
    expect(found).toMatchObject([
      {
        kind: 'fact',
        text: 'The lease ends in May.',
        title: 'lease.txt',
        origin: 'document',
        about: null,
        keyPhrases: ['lease'],
        details: { document: { fileId: expect.stringMatching(/^[0-9a-f]{32}$/u), fileName: 'lease.txt', place: 0 } },
        sourceMessageIds: ['x1'],
        quotes: [],
      },
    ]);
  });

  it.each([
    ['base64', TEXT, null],
    ['a data URL', `data:text/plain;base64,${TEXT}`, 'text/plain'],
    ['a data URL with more to it', `data:text/plain;charset=utf-8;base64,${TEXT}`, 'text/plain'],
  ])('comes as %s', async (_name, data, declaredType) => {
    const { reader, given } = reading();
    await partCandidates([message({ content: [file(data)] })], reader, NOW);
    expect(given.map((each) => [Buffer.from(each.bytes).toString(), each.declaredType])).toEqual([
      ['The lease ends in May.', declaredType],
    ]);
  });

  it('comes from its address, with the name that was given for it', async () => {
    const { reader } = reading();
    const content = [file('https://example.com/1'), file('https://example.com/1', { filename: 'trip.txt' })];
    const { candidates: found } = await partCandidates([message({ content })], reader, NOW);
    expect(found.map(({ text, details }) => [text, details.document?.fileName])).toEqual([
      ['The flight leaves at nine.', 'flight.txt'],
      ['The flight leaves at nine.', 'trip.txt'],
    ]);
    expect(new Set(found.map(({ topicKey }) => topicKey)).size).toBe(2);
  });

  it('is read no further than one call may hold', async () => {
    const { reader } = reading();
    const long = Buffer.from(Array.from({ length: 400 }, (_, line) => `Line ${line}. ${'word '.repeat(230)}`).join('\n')).toString(
      'base64',
    );
    expect(await partCandidates([message({ content: [file(long)] })], reader, NOW)).toMatchObject({
      candidates: { length: 100 },
      unread: 0,
    });
  });

  it.each(['file_invalid', 'file_too_large', 'file_type_unsupported', 'invalid_request'] as const)(
    'that cannot be read gives nothing and stops nothing: %s',
    async (code) => {
      const { reader } = reading(new AppError(code, 'no'));
      expect(await partCandidates([message({ content: [file(TEXT)] })], reader, NOW)).toEqual({ candidates: [], unread: 1 });
    },
  );

  it.each(['file_invalid', 'deadline_exceeded'] as const)(
    'whose address is away is worth another try, and left out at the last: %s',
    async (code) => {
      const { reader } = reading(null, new AppError(code, 'no answer came'));
      const messages = [message({ content: [file('https://example.com/away'), file('https://example.com/there')] })];
      await expect(partCandidates(messages, reader, NOW)).rejects.toMatchObject({ code: 'file_invalid' });
      const { candidates: found } = await partCandidates(messages, reader, LAST);
      expect(found.map(({ text }) => text)).toEqual(['The flight leaves at nine.']);
    },
  );

  it('whose address is refused, or which is too large there, gives nothing at once', async () => {
    for (const code of ['invalid_request', 'file_too_large'] as const) {
      const { reader } = reading(null, new AppError(code, 'no'));
      expect(await partCandidates([message({ content: [file('https://example.com/away')] })], reader, NOW)).toEqual({
        candidates: [],
        unread: 1,
      });
    }
  });

  it('that is not read in time is worth another try', async () => {
    const { reader } = reading(new AppError('deadline_exceeded', 'late'));
    await expect(partCandidates([message({ content: [file(TEXT)] })], reader, NOW)).rejects.toMatchObject({ code: 'file_invalid' });
    expect(await partCandidates([message({ content: [file(TEXT)] })], reader, LAST)).toEqual({ candidates: [], unread: 1 });
  });

  it('shares one minute with all the others of its batch', async () => {
    jest.useFakeTimers({ now: 0, doNotFake: ['nextTick', 'queueMicrotask'] });
    try {
      const ends: number[] = [];
      const hanging: PartReader = {
        describe: async (_part, _instructions, { deadlineAt = Infinity }) => {
          ends.push(deadlineAt);
          jest.setSystemTime(Math.max(deadlineAt, Date.now()));
          throw new AppError('file_invalid', 'late');
        },
      };
      await partCandidates([message({ content: Array.from({ length: 10 }, () => file(TEXT)) })], hanging, LAST);
      expect(ends).toEqual([10, 20, 30, 40, 50, 60, 60, 60, 60, 60].map((seconds) => seconds * 1_000));
    } finally {
      jest.useRealTimers();
    }
  });

  it('waits for a reader that is not there for now', async () => {
    const { reader } = reading(new AppError('draining', 'later'));
    for (const options of [NOW, LAST])
      await expect(partCandidates([message({ content: [file(TEXT)] })], reader, options)).rejects.toMatchObject({ code: 'draining' });
  });

  it.each([
    ['an image', { content: [image] }, {}],
    ['a file without content', { content: [{ type: 'file', file: {} }, { type: 'file' }, file(' ')] }, {}],
    ['parts of another shape', { content: 'file' }, {}],
    ['no parts', null, {}],
    ["an assistant's file", { content: [file(TEXT)] }, { role: 'assistant' }],
    ['facts that nobody wants', { content: [file(TEXT)] }, { extraction: { views: ['preference'], instructions: {} } }],
  ] as const)('is none: %s', async (_name, parts, more) => {
    const { reader } = reading();
    expect(await partCandidates([message(parts, more)], reader, NOW)).toEqual({ candidates: [], unread: 0 });
  });
});
