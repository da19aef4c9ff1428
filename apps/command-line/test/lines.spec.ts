import { PassThrough, Readable, Writable } from 'node:stream';
import { jsonRows } from '../src/lines/json-rows.ts';
import { type InputLine, readLines } from '../src/lines/line-reader.ts';
import { LineWriter, ReaderGoneError } from '../src/lines/line-writer.ts';

describe('lines in', () => {
  const linesOf = async (chunks: readonly Uint8Array[], maxBytes?: number) => {
    const lines: InputLine[] = [];
    for await (const line of readLines(Readable.from(chunks), maxBytes)) lines.push(line);
    return lines;
  };
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  it('are found wherever the pieces of the stream begin and end, also within a letter', async () => {
    const whole = bytes('{"a":"Zürich 我住"}\n\n{"b":2}\r\n{"c":3}');
    for (let size = 1; size <= whole.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, place) => whole.subarray(place * size, (place + 1) * size));
      expect(await linesOf(pieces)).toEqual([
        { number: 1, text: '{"a":"Zürich 我住"}', isWhole: true },
        { number: 2, text: '', isWhole: true },
        { number: 3, text: '{"b":2}\r', isWhole: true },
        { number: 4, text: '{"c":3}', isWhole: false },
      ]);
    }
  });

  it('that are no UTF-8, or have no end, are named by their number', async () => {
    await expect(linesOf([bytes('{}\n'), Uint8Array.of(0xff, 0x0a)])).rejects.toThrow(/^Line 2 is not UTF-8/);
    await expect(linesOf([bytes('{}\n'), bytes('x'.repeat(40)), bytes('x'.repeat(40))], 64)).rejects.toThrow(/^Line 2 is longer than 64/);
  });

  it('are one value each, and what is none is named by its line', async () => {
    const rowsOf = async (text: string): Promise<readonly unknown[]> => {
      const rows: unknown[] = [];
      for await (const row of jsonRows(readLines(Readable.from([bytes(text)])))) rows.push(row);
      return rows;
    };
    expect(await rowsOf('{"a":1}\n[2]\n3')).toEqual([{ a: 1 }, [2], 3]);
    expect(await rowsOf('{"a":1}\n\n \n')).toEqual([{ a: 1 }]);
    await expect(rowsOf('1\n{"a":\n2\n')).rejects.toThrow('Line 2 is no JSON.');
    await expect(rowsOf('1\n\n\n2\n')).rejects.toThrow('Line 2 is empty.');
    await expect(rowsOf('1\n{"a":')).rejects.toThrow('The input breaks off in line 2.');
  });

  it('are not read before they are asked for', async () => {
    let given = 0;
    const source = new Readable({
      highWaterMark: 1,
      read() {
        given += 1;
        this.push(given > 1_000 ? null : `{"n":${given}}\n`);
      },
    });
    const lines = readLines(source);
    await lines.next();
    expect(given).toBeLessThan(5);
    await lines.return(undefined);
  });
});

describe('lines out', () => {
  it('wait for a slow reader', async () => {
    const held: (() => void)[] = [];
    const slow = new Writable({ write: (_chunk, _encoding, done) => void held.push(done) });
    const writer = new LineWriter(slow);
    const line = 'x'.repeat(70_000);
    const first = writer.write(line);
    const isDone = await Promise.race([first.then(() => true), new Promise((resolve) => setImmediate(() => resolve(false)))]);
    expect(isDone).toBe(false);
    expect(slow.writableLength).toBeLessThan(2 * line.length);
    held.shift()?.();
    await first;
    expect(writer.lines).toBe(1);
  });

  it('arrive whole and in order', async () => {
    const output = new PassThrough();
    const text = output.toArray();
    const writer = new LineWriter(output);
    for (let place = 0; place < 20_000; place += 1) await writer.write(`line ${place}`);
    await writer.flush();
    output.end();
    const lines = Buffer.concat((await text) as Buffer[])
      .toString()
      .split('\n');
    expect(lines).toHaveLength(20_001);
    expect(lines[19_999]).toBe('line 19999');
  });

  it('say that the reader has gone, and after how many lines', async () => {
    const gone = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })) });
    const writer = new LineWriter(gone);
    await writer.write('one');
    await expect(writer.flush()).rejects.toThrow(ReaderGoneError);
    await expect(writer.flush()).rejects.toThrow(/after 1 lines/);
  });
});
