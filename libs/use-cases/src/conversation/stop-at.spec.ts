import type { ChatModelEvent } from '@continuo/ports';
import { stopAt } from './stop-at.ts';

const END: ChatModelEvent = { type: 'end', finish: 'stop', usage: { promptTokens: 1, answerTokens: 1 } };

async function* answer(pieces: readonly string[]): AsyncIterable<ChatModelEvent> {
  for (const text of pieces) yield { type: 'text', text };
  yield END;
}

async function through(
  pieces: readonly string[],
  stops: readonly string[],
): Promise<{ readonly texts: readonly string[]; readonly ended: boolean }> {
  const texts: string[] = [];
  let ended = false;
  for await (const event of stopAt(answer(pieces), stops)) {
    if (event.type === 'text') texts.push(event.text);
    else ended = true;
  }
  return { texts, ended };
}

describe('stopAt', () => {
  it.each([
    ['within one piece', ['one STOP two']],
    ['over several pieces', ['one S', 'T', 'OP two']],
    ['at the end of a piece', ['one ', 'STOP', ' two']],
  ])('ends an answer before the text, %s', async (_where, pieces) => {
    const { texts, ended } = await through(pieces, ['END', 'STOP']);
    expect([texts.join(''), ended]).toEqual(['one ', false]);
  });

  it('ends before the first of several', async () => {
    expect((await through(['one two three'], ['three', 'two'])).texts.join('')).toBe('one ');
  });

  it('passes on what only begins like the text, as soon as that is known', async () => {
    const { texts, ended } = await through(['one ST', 'ART ', 'two S'], ['STOP']);
    expect(texts).toEqual(['one ', 'START ', 'two ', 'S']);
    expect(ended).toBe(true);
  });
});
