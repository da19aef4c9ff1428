import { unreadFields } from './unread-fields.mjs';

describe('unreadFields', () => {
  it('names what was not looked at, wherever it stands', () => {
    const value = { known: { inner: 1, wrong: 2 }, list: [{ name: 'a' }, { name: 'b', nmae: 'c' }], other: {} };
    const look = ({ known, list }) => [known.inner, ...list.map(({ name }) => name)];
    expect(unreadFields(value, look)).toEqual(['/known/wrong', '/list/1/nmae', '/other']);
  });

  it('takes every key of a map that was walked', () => {
    const look = ({ labels }) => {
      for (const key in labels) String(labels[key]);
    };
    expect(unreadFields({ labels: { a: '1', b: '2' } }, look)).toEqual([]);
  });
});
