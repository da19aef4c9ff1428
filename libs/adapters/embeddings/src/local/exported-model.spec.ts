import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbedderState } from '@continuo/ports';
import { aFolder, removeFolders } from '../../test/temporary-folder.ts';
import { untilState } from '../../test/until-state.ts';
import { ELEMENT, OnnxGraph } from '../conversion/onnx-graph.ts';
import { tokenizerJson } from '../conversion/tokenizer-file.ts';
import { LocalEmbeddingModel } from './local-embedding-model.ts';

const PIECES = ['<s>', '<pad>', '</s>', '<unk>', '▁query', ':', '▁passage', '▁tea', '▁hot'];

/** A model as exporters write it: states of the tokens out, token types in. The state of token n is the n-th unit vector. */
function exportedModel(output: string, dimension: number): Uint8Array {
  const graph = new OnnxGraph();
  const table = new Float32Array(PIECES.length * dimension);
  PIECES.forEach((_, index) => (table[index * dimension + index] = 1));
  graph.weight('words', ELEMENT.float, [PIECES.length, dimension], table);
  graph.node('Gather', ['words', 'input_ids'], { outputs: [output] });
  const inputs = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => ({
    name,
    type: ELEMENT.int64,
    dimensions: ['batch', 'sequence'],
  }));
  return Buffer.concat(graph.encode(inputs, [{ name: output, type: ELEMENT.float, dimensions: ['batch', 'sequence', dimension] }]).pieces);
}

describe('a model exported by others', () => {
  let embedder: LocalEmbeddingModel;

  afterEach(async () => {
    await embedder.close();
    await removeFolders();
  });

  async function load(model: Uint8Array): Promise<EmbedderState> {
    const folder = await aFolder();
    await mkdir(join(folder, 'onnx'));
    await writeFile(join(folder, 'onnx', 'model_quantized.onnx'), model);
    await writeFile(join(folder, 'tokenizer.json'), tokenizerJson({ pieces: PIECES, scores: new Float32Array(PIECES.length).fill(-1) }));
    embedder = new LocalEmbeddingModel({
      cacheFolder: join(folder, 'cache'),
      sources: ['folder'],
      folder,
      hubEndpoint: null,
      environment: {},
    });
    embedder.open();
    return untilState(embedder, (state) => state.status === 'ready' || state.status === 'failed');
  }

  it.each(['last_hidden_state', 'token_embeddings'])('gives the mean of %s over prefix, text and marks', async (output) => {
    expect(await load(exportedModel(output, 384))).toMatchObject({ status: 'ready' });
    const [query] = await embedder.embed([' tea\n'], 'query', {});
    const [passage] = await embedder.embed(['hot tea tea'], 'passage', {});
    const share = (vector: Float32Array | undefined): number[] => PIECES.map((_, index) => Math.round(100 * (vector?.[index] ?? NaN)));
    expect(share(query)).toEqual([45, 0, 45, 0, 45, 45, 0, 45, 0]); // five tokens: 1 / √5 each
    expect(share(passage)).toEqual([33, 0, 33, 0, 0, 33, 33, 67, 33]); // seven, one of them twice: 1 / √9 and 2 / √9
  });

  it('is refused when its vectors have another dimension', async () => {
    const state = await load(exportedModel('last_hidden_state', 64));
    expect(state).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('gives 64 numbers per text instead of 384: it is another model'),
    });
  });

  it('is refused when it gives out something else', async () => {
    const state = await load(exportedModel('logits', 384));
    expect(state).toMatchObject({ status: 'failed', reason: expect.stringContaining('the model gives out logits, not one of') });
  });
});
