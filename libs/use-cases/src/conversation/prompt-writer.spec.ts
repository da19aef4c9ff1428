import { aMemory, aMessage, aRecallResult } from '@continuo/testing';
import type { Memory, Message } from '@continuo/domain';
import type { RecalledItem, RecallResult } from '@continuo/ports';
import { promptItems } from './prompt-writer.ts';

const item = (part: { readonly memory?: Memory; readonly turn?: Message }): RecalledItem =>
  ({ memory: part.memory ?? null, turn: part.turn ?? null, relativity: 0.9 }) as RecalledItem;

const recalled = (change: Partial<RecallResult>): RecallResult => aRecallResult({ state: 'ok', ...change });

describe('What goes into a prompt', () => {
  it('names the document a chunk was read in', () => {
    const document = { fileId: 'f-1', fileName: 'returns.pdf', place: 3, headings: [], page: 2 };
    const memory = aMemory({ text: 'Returns are free for 30 days.', origin: 'document', details: { document } });

    expect(promptItems(recalled({ facts: [item({ memory })] }))).toMatchObject([
      { kind: 'fact', text: 'Returns are free for 30 days.', fileName: 'returns.pdf', assistantView: false },
    ]);
  });

  it('holds the steps of a skill', () => {
    const skill = {
      name: 'refund',
      description: 'How a refund is made.',
      procedure: '1. Check the order.',
      experience: ['Ask for the receipt.'],
      preference: [],
      examples: [],
      script: {},
      others: {},
      fileId: null,
    };
    const [made] = promptItems(recalled({ skills: [item({ memory: aMemory({ kind: 'skill', details: { skill } }) })] }));

    expect(made).toMatchObject({ kind: 'skill', text: 'refund: How a refund is made.\n1. Check the order.\nAsk for the receipt.' });
  });

  it('names who said a turn, unless it was the subject or an assistant', () => {
    const turn = (change: Partial<Message>) =>
      item({ turn: aMessage({ scope: { projectId: 'p', subject: 'user:ana' }, content: 'I live in Oslo', ...change }) });
    const facts = [
      turn({ speakerId: 'ben', roleName: 'Ben' }),
      turn({ speakerId: 'ben', roleName: null }),
      turn({ speakerId: 'ana', roleName: 'Ana' }),
      turn({ speakerId: null }),
      turn({ role: 'assistant', speakerId: 'guide' }),
    ];

    expect(promptItems(recalled({ facts })).map(({ text }) => text)).toEqual([
      'Ben: I live in Oslo',
      'ben: I live in Oslo',
      'I live in Oslo',
      'I live in Oslo',
      'I live in Oslo',
    ]);
  });
});
