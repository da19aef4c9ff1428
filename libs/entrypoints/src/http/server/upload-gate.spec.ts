import { UploadGate } from './upload-gate.ts';

/** Which of these have entered, once everything that can happen has. */
async function settled(entered: readonly string[]): Promise<readonly string[]> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  return [...entered];
}

describe('the gate for large bodies', () => {
  function aGate(limits: { most?: number; bytes?: number; waitMs?: number } = {}) {
    const gate = new UploadGate({ most: 2, bytes: 100, waitMs: 60_000, ...limits });
    const entered: string[] = [];
    const leave = new Map<string, () => void>();
    const come = (name: string, bytes: number): Promise<void> =>
      gate.enter(bytes).then((left) => {
        entered.push(name);
        leave.set(name, left);
      });
    return { entered, come, leave: (name: string) => leave.get(name)?.() };
  }

  it('lets in as many as it may, in the order they came', async () => {
    const { entered, come, leave } = aGate();
    for (const name of ['a', 'b', 'c', 'd']) void come(name, 10);
    expect(await settled(entered)).toEqual(['a', 'b']);
    leave('b');
    expect(await settled(entered)).toEqual(['a', 'b', 'c']);
    leave('b');
    expect(await settled(entered)).toEqual(['a', 'b', 'c']);
    leave('a');
    expect(await settled(entered)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets no more bytes in than it may hold, and nobody overtakes who waits', async () => {
    const { entered, come, leave } = aGate({ most: 9 });
    for (const [name, bytes] of [
      ['a', 60],
      ['large', 60],
      ['small', 5],
    ] as const)
      void come(name, bytes);
    expect(await settled(entered)).toEqual(['a']);
    leave('a');
    expect(await settled(entered)).toEqual(['a', 'large', 'small']);
  });

  it('lets one in alone that is larger than everything it may hold', async () => {
    const { entered, come, leave } = aGate();
    void come('huge', 500);
    void come('small', 1);
    expect(await settled(entered)).toEqual(['huge']);
    leave('huge');
    expect(await settled(entered)).toEqual(['huge', 'small']);
  });

  it('sends away who has waited too long, who then stands in nobody’s way', async () => {
    const { entered, come, leave } = aGate({ most: 1, waitMs: 5 });
    void come('a', 1);
    await expect(come('late', 1)).rejects.toMatchObject({ code: 'requests_limited', options: { retryAfterMs: 5 } });
    leave('a');
    await come('next', 1);
    expect(entered).toEqual(['a', 'next']);
  });
});
