import type { ChatModelEvent, TokenUsage } from '@continuo/ports';
import { AnswerReader } from './answer-reader.ts';

type Chunks = ConstructorParameters<typeof AnswerReader>[0];

/** A reader of these chunks, after which the connection breaks. */
function aReader(...chunks: readonly unknown[]): AnswerReader {
  async function* broken(): AsyncGenerator {
    yield* chunks;
    throw new Error('terminated');
  }
  const estimate = (): TokenUsage => ({ promptTokens: 1, answerTokens: 1 });
  return new AnswerReader(broken() as Chunks, { model: 'm', reasoning: 'auto', estimate, onFinish: () => {} });
}

async function eventsOf(reader: AnswerReader): Promise<ChatModelEvent[]> {
  const events: ChatModelEvent[] = [];
  do events.push(await reader.next());
  while (events.at(-1)?.type !== 'end');
  return events;
}

const text = (content: string): unknown => ({ choices: [{ delta: { content }, finish_reason: null }] });
const finish = (reason: string): unknown => ({ choices: [{ delta: {}, finish_reason: reason }] });

describe('AnswerReader', () => {
  it('takes nothing from a complete answer whose connection breaks while usage is awaited', async () => {
    const events = await eventsOf(aReader(text('Green.'), finish('stop')));
    expect(events.at(-1)).toEqual({ type: 'end', finish: 'stop', usage: { promptTokens: 1, answerTokens: 1 } });
  });

  it('passes a break on before that', async () => {
    await expect(eventsOf(aReader(text('Green.'), finish('')))).rejects.toThrow('terminated');
  });

  it('calls an answer withheld that a filter left without text', async () => {
    await expect(eventsOf(aReader(finish('content_filter')))).rejects.toMatchObject({ code: 'model_rejected' });
    expect((await eventsOf(aReader(text('Green.'), finish('content_filter')))).at(-1)).toMatchObject({ type: 'end', finish: 'stop' });
  });

  it('reads chunks with fields missing or null as saying nothing', async () => {
    const events = await eventsOf(
      aReader({}, { choices: null, usage: null }, { choices: [{ delta: { content: null } }] }, finish('length')),
    );
    expect(events).toEqual([{ type: 'end', finish: 'length', usage: { promptTokens: 1, answerTokens: 1 } }]);
  });
});
