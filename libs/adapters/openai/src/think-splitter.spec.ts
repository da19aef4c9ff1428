import { ThinkSplitter } from './think-splitter.ts';

/** Text and reasoning of an answer cut at every place. */
function everyWay(answer: string, startsInside = false): Set<string> {
  const results = new Set<string>();
  for (let cut = 0; cut <= answer.length; cut += 1) {
    const splitter = new ThinkSplitter(startsInside);
    const pieces = [...splitter.push(answer.slice(0, cut)), ...splitter.push(answer.slice(cut)), ...splitter.end()];
    const of = (type: string): string => pieces.map((piece) => (piece.type === type ? piece.text : '')).join('');
    results.add(`${of('reasoning')}|${of('text')}`);
  }
  return results;
}

describe('ThinkSplitter', () => {
  it.each([
    ['a block before the answer', '<think>why</think>\n\nGreen.', 'why|Green.'],
    ['the longer tag', '\n<Thinking>why</thinking>Green.', 'why|Green.'],
    ['two blocks', '<think>a</think>\n<think>b</think>\nGreen.', 'ab|Green.'],
    ['a block between lines', 'One.\n<think>a</think>\nTwo.', 'a|One.\n\nTwo.'],
    ['a block that never ends', '<think>why, oh', 'why, oh|'],
    ['an empty block', '<think>\n\n</think>\n\nGreen.', '\n\n|Green.'],
    ['no block', '  a <b> c </think>', '|a <b> c </think>'],
    ['the tag inside a line', 'Write <think> first.', '|Write <think> first.'],
    ['the tag in code', '```xml\n<think>\n```\nGreen.', '|```xml\n<think>\n```\nGreen.'],
    ['half a tag at the end', 'Green.\n<thin', '|Green.\n<thin'],
    ['nothing', '', '|'],
  ])('reads %s the same wherever it is cut', (_name, answer, expected) => {
    expect([...everyWay(answer)]).toEqual([expected]);
  });

  it('starts inside a block where the template opens it', () => {
    expect([...everyWay('why</think>\nGreen.', true)]).toEqual(['why|Green.']);
  });

  it('gives what is certain at once', () => {
    expect(new ThinkSplitter(false).push('Green te')).toEqual([{ type: 'text', text: 'Green te' }]);
  });
});
