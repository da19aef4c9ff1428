import { PassThrough, Readable } from 'node:stream';
import { copyLines, lineWriter } from './prefixed-lines.mjs';

const copied = async (chunks, isLeftOut) => {
  const lines = [];
  await copyLines(Readable.from(chunks), 'recall-2', (line) => void lines.push(line), isLeftOut);
  return lines;
};

describe('copyLines', () => {
  it('prefixes whole lines, however they were cut', async () => {
    expect(await copied(['first\nsec', 'ond\n', '\nlast without an end'])).toEqual([
      'recall-2 | first\n',
      'recall-2 | second\n',
      'recall-2 | \n',
      'recall-2 | last without an end\n',
    ]);
  });

  it('keeps characters whole that were cut in two', async () => {
    const bytes = Buffer.from('naïve\n');
    const stream = new PassThrough();
    const lines = [];
    const done = copyLines(stream, 'worker-1', (line) => void lines.push(line));
    stream.write(bytes.subarray(0, 3));
    await new Promise(setImmediate);
    stream.end(bytes.subarray(3));
    await done;
    expect(lines).toEqual(['worker-1 | naïve\n']);
  });

  it('leaves out what it is told to', async () => {
    expect(await copied(['one\ntwo\n'], (line) => line === 'one')).toEqual(['recall-2 | two\n']);
  });
});

describe('lineWriter', () => {
  it('waits until the stream takes more', async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    const write = lineWriter(stream, () => {});
    let isTaken = false;
    const written = write('longer than four\n').then(() => (isTaken = true));
    await new Promise(setImmediate);
    expect(isTaken).toBe(false);
    stream.resume();
    await written;
  });

  it('tells once that the reader has gone, and drops what comes after', async () => {
    const stream = new PassThrough();
    let told = 0;
    const write = lineWriter(stream, () => (told += 1));
    stream.emit('error', new Error('EPIPE'));
    stream.emit('error', new Error('EPIPE'));
    await write('nobody reads this\n');
    expect(told).toBe(1);
    expect(stream.read()).toBe(null);
  });
});
