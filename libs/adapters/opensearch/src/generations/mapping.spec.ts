import { generationBody, type GenerationMeta, vectorField } from './mapping.ts';

const META: GenerationMeta = { schema: 1, analysis: 'a', replaced: [], model: null, build: null };

/** Every vector field anywhere in a body. */
function vectorFields(value: unknown): readonly Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const record = value as Record<string, unknown>;
  return [...(record.type === 'knn_vector' ? [record] : []), ...Object.values(record).flatMap(vectorFields)];
}

describe('the mapping', () => {
  it('names the engine of every vector field: without it the store dies at the next refresh', () => {
    const body = generationBody(META, { shards: 2, replicas: 0 }, { one: 384, two: 1024 }, []);
    const fields = [...vectorFields(body), ...vectorFields(vectorField(16))];
    expect(fields.length).toBe(3);
    for (const field of fields) expect(field).toMatchObject({ space_type: 'cosinesimil', method: { name: 'hnsw', engine: 'lucene' } });
  });

  it('refuses unknown fields and documents without an owner, and says when it refreshes', () => {
    const { mappings, settings } = generationBody(META, { shards: 2, replicas: 1 }, {}, []);
    expect(mappings).toMatchObject({ dynamic: 'strict', _routing: { required: true }, properties: { labels: { dynamic: 'strict' } } });
    expect(settings.index).toMatchObject({ knn: true, refresh_interval: '1s', number_of_shards: 2, number_of_replicas: 1 });
  });

  it.each([
    { shards: 1, routing: 96 },
    { shards: 24, routing: 96 },
    { shards: 5, routing: undefined },
  ])('leaves room for splitting $shards shards where that can be', ({ shards, routing }) => {
    expect(generationBody(META, { shards, replicas: 0 }, {}, []).settings.index).toMatchObject(
      routing === undefined ? { number_of_shards: shards } : { number_of_routing_shards: routing },
    );
    if (routing === undefined)
      expect(generationBody(META, { shards, replicas: 0 }, {}, []).settings.index).not.toHaveProperty('number_of_routing_shards');
  });
});
