import { bytesField, floatField, integerField, joined, messageField, textField, type Encoded } from './protobuf.ts';

const hex = (encoded: Encoded): string => Buffer.concat(encoded.pieces).toString('hex');

describe('the protobuf writer', () => {
  it.each([
    [0, '0800'],
    [1, '0801'],
    [127, '087f'],
    [150, '089601'],
    [2 ** 35, '08808080808001'],
  ])('writes the number %d in as few bytes as it needs', (value, expected) => {
    expect(hex(integerField(1, value))).toBe(expected);
  });

  it('writes fields above 15 with a longer tag', () => {
    expect(hex(integerField(20, 2))).toBe('a00102');
  });

  it('writes texts, numbers with a point, bytes and messages within messages', () => {
    expect(hex(textField(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(floatField(2, 1.5))).toBe('150000c03f');
    expect(hex(messageField(3, [integerField(1, 150), bytesField(2, Uint8Array.of(1, 2))]))).toBe('1a0708960112020102');
  });

  it('knows its length without copying what it was given', () => {
    const bytes = new Uint8Array(1_000);
    const message = joined([bytesField(9, bytes), textField(1, 'ä')]);
    expect(message.byteLength).toBe(Buffer.concat(message.pieces).length);
    expect(message.pieces).toContain(bytes);
  });

  it('refuses what it cannot write', () => {
    expect(() => integerField(1, -1)).toThrow(RangeError);
    expect(() => integerField(1, 0.5)).toThrow(RangeError);
  });
});
