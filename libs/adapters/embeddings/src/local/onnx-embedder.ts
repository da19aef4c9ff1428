import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { EmbeddingRole } from '@continuo/ports';
import { E5_PREFIXES, MAX_TOKENS } from '../local-model-facts.ts';
import type { NativeGate } from './native-gate.ts';
import { pooled } from './pooling.ts';
import type { ThreadSetup } from './thread-protocol.ts';
import { truncate, withinReach } from './token-limits.ts';

/** Names under which exported models give out a text's vector or its tokens' states, best first. */
const OUTPUT_NAMES = ['sentence_embedding', 'last_hidden_state', 'token_embeddings'];

/** One thread is the cheapest per text; without arena and pattern the peak after long texts is 160 MB lower. */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  enableCpuMemArena: false,
  enableMemPattern: false,
};

/** What is used of the tokenizer. The package's own types cannot be resolved under Node's module rules. */
interface TextTokenizer {
  encode(text: string): { readonly ids: readonly number[] };
}
const LoadedTokenizer = Tokenizer as unknown as new (tokenizer: unknown, configuration: object) => TextTokenizer;

/**
 * Runs the model behind its gate. Blocks the thread it is called on, for some 4 ms per question and 165 ms for a text of 512 tokens.
 *
 * One text at a time: eight together are a fifth faster, but the run-time quantisation then makes a text's vector depend on its
 * neighbours (cosine .996), and nobody could tell a changed text from changed company.
 */
export class OnnxEmbedder {
  private readonly session: InferenceSession;
  private readonly tokenizer: TextTokenizer;
  private readonly output: string;
  private readonly gate: NativeGate;
  private readonly headLengths: Readonly<Record<EmbeddingRole, number>>;

  private constructor(session: InferenceSession, tokenizer: TextTokenizer, output: string, gate: NativeGate) {
    this.gate = gate;
    this.session = session;
    this.tokenizer = tokenizer;
    this.output = output;
    this.headLengths = { query: this.headLength('query'), passage: this.headLength('passage') };
  }

  static async load(setup: ThreadSetup, gate: NativeGate): Promise<OnnxEmbedder> {
    const tokenizer = new LoadedTokenizer(JSON.parse(await readFile(setup.tokenizerFile, 'utf8')), {});
    const session = await gate.pass(() => InferenceSession.create(setup.modelFile, SESSION_OPTIONS));
    const output = OUTPUT_NAMES.find((name) => session.outputNames.includes(name));
    if (output === undefined)
      throw new Error(`the model gives out ${session.outputNames.join(', ')}, not one of ${OUTPUT_NAMES.join(', ')}`);
    return new OnnxEmbedder(session, tokenizer, output, gate);
  }

  async embed(text: string, role: EmbeddingRole): Promise<Float32Array> {
    const encoded = this.tokenizer.encode(E5_PREFIXES[role] + withinReach(text, role, MAX_TOKENS)).ids;
    const ids = truncate(encoded, this.headLengths[role], role, MAX_TOKENS);
    const results = await this.gate.pass(() => this.session.run(this.feeds(ids)));
    const result = results[this.output];
    if (result === undefined || !(result.data instanceof Float32Array)) throw new Error('the model gave out no numbers');
    return pooled(result.data, result.dims);
  }

  private feeds(ids: readonly number[]): Record<string, Tensor> {
    const tensor = (values: BigInt64Array): Tensor => new Tensor('int64', values, [1, ids.length]);
    const feeds: Record<string, Tensor> = {
      input_ids: tensor(BigInt64Array.from(ids, BigInt)),
      attention_mask: tensor(new BigInt64Array(ids.length).fill(1n)),
      token_type_ids: tensor(new BigInt64Array(ids.length)),
    };
    return Object.fromEntries(
      this.session.inputNames.flatMap((name) => {
        const feed = feeds[name];
        return feed === undefined ? [] : [[name, feed]];
      }),
    );
  }

  /** Tokens of the start mark and the role prefix. The last token is the end mark. */
  private headLength(role: EmbeddingRole): number {
    return this.tokenizer.encode(E5_PREFIXES[role].trimEnd()).ids.length - 1;
  }
}
