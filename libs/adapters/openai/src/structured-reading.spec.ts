import { readItems } from './structured-reading.ts';

const read = (text: string): unknown => readItems(text, 'items', ['text'])?.items ?? null;

describe('readItems', () => {
  it('takes the last list that holds anything', () => {
    expect(read('{"items":[{"text":"draft"}]} Better: {"items":[{"text":"final"}]}')).toEqual([{ text: 'final' }]);
    expect(read('{"items":[{"text":"kept"}]} or {"items":[]}')).toEqual([{ text: 'kept' }]);
  });

  it.each([
    ['the object', (list: string) => `{"items":${list}}`],
    ['the bare list', (list: string) => list],
    ['one item per line', (list: string) => list.slice(1, -1)],
  ])('never takes part of an item for an item, wherever %s is cut', (_name, write) => {
    const items = [
      { text: 'a "b" {c}, [d]', when: [{ text: 'inner' }, { text: 'inner' }] },
      { text: 'é 好\n', n: 1.5 },
    ];
    const whole = write(JSON.stringify(items));
    expect(read(whole)).toEqual(items);
    for (let length = 0; length < whole.length; length += 1) {
      const found = (read(whole.slice(0, length)) ?? []) as unknown[];
      expect(items.slice(0, found.length)).toEqual(found);
    }
  });

  it('takes a list under another name, and no list of something else', () => {
    expect(read('{"memories":[{"text":"a"},{"text":"b"}]}')).toEqual([{ text: 'a' }, { text: 'b' }]);
    expect(read('{"sources":[{"id":1}]}')).toBeNull();
  });

  it('takes a list of the same name inside an item for part of it', () => {
    expect(read('{"items":[{"text":"a","items":[{"text":"inner"}]}],')).toEqual([{ text: 'a', items: [{ text: 'inner' }] }]);
  });

  it('goes on after an item that cannot be read', () => {
    expect(read('{"items":[{"text": oops oops}, {"text":"good"}]}')).toEqual([{ text: 'good' }]);
  });

  it('survives depth, emptiness and noise', () => {
    expect(read('['.repeat(100_000))).toBeNull();
    expect(read(`{"items":[${'{"a":'.repeat(5_000)}`)).toEqual(null);
    expect(read('{"items":')).toBeNull();
    expect(read('}]{[')).toBeNull();
  });

  it('does not find a list inside a text', () => {
    expect(read('{"items":[{"text":"they wrote {\\"items\\": [1]} here"}], ')).toEqual([{ text: 'they wrote {"items": [1]} here' }]);
  });
});
