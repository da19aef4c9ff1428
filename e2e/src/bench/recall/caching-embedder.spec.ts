import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CachingEmbedder } from './caching-embedder.ts';

describe('the embedder of the bench', () => {
  let folder: string;
  let embedder: CachingEmbedder;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'continuo-vectors-'));
    embedder = await CachingEmbedder.start(join(folder, 'vectors.sqlite'));
  });
  afterAll(async () => {
    await embedder.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = async (input: string): Promise<readonly number[]> => {
    const response = await fetch(`${embedder.environment['CONTINUO_EMBEDDING_BASE_URL']}/embeddings`, {
      method: 'POST',
      body: JSON.stringify({ input }),
    });
    if (!response.ok) throw new Error(await response.text());
    return ((await response.json()) as { data: { embedding: number[] }[] }).data[0]?.embedding ?? [];
  };

  it('answers with the very vectors of the model, computed or kept', async () => {
    expect(await embedder.largestDifference()).toBe(0);
  });

  it('embeds a text once for each role', async () => {
    const before = embedder.counts.computed;
    const query = await ask('query: a heron by the pond');
    const passage = await ask('passage: a heron by the pond');
    await embedder.warm(['a  heron\nby the pond'], 'query');

    expect(embedder.counts.computed - before).toBe(2);
    expect(query).toHaveLength(384);
    expect(await ask('query: a heron by the pond')).toEqual(query);
    expect(passage).not.toEqual(query);
  });

  it('refuses a text whose role cannot be told', async () => {
    await expect(ask('a heron by the pond')).rejects.toThrow('without the prefix of its role');
  });
});
