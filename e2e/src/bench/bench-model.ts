import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request of the server under load to its model. Times are `performance.now()`. */
export interface ModelCall {
  readonly kind: 'answer' | 'extract' | 'other';
  /** Numbers of the new messages that were to be read, in the order of the prompt; see {@link markOf}. */
  readonly marks: readonly number[];
  readonly arrivedAt: number;
  answeredAt: number | null;
}

interface AskedBody {
  readonly stream?: boolean;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: { readonly json_schema?: { readonly name?: string } };
}

interface ShownMessage {
  readonly id: string;
  readonly role: string;
  readonly content: string;
}

const MARK = /\(mark (\d+)\)/u;
const NUMBERED = /Answer (\d+)\./u;
/** Of each kind, so that a long run does not fill the memory. */
const KEPT_CALLS = 50_000;

/** In a message: by this its extraction is recognised. */
export const markOf = (number: number): string => `(mark ${number})`;

/**
 * A chat model that answers after a fixed time: a numbered sentence, or one memory for each new message of the user. It speaks the
 * protocol of OpenAI and nothing more, so that it weighs little on what is measured.
 */
export class BenchModel {
  readonly calls: ModelCall[] = [];
  mostInFlight = 0;
  private readonly server = createServer((incoming, outgoing) => void this.serve(incoming, outgoing));
  private readonly delayMs: number;
  private readonly answers = new Map<number, ModelCall>();
  private inFlight = 0;
  private number = 0;

  private constructor(delayMs: number) {
    this.delayMs = delayMs;
  }

  static async start(delayMs: number): Promise<BenchModel> {
    const model = new BenchModel(delayMs);
    await new Promise<void>((resolve) => model.server.listen(0, '127.0.0.1', resolve));
    return model;
  }

  /** Settings of a server that is to use it. */
  get environment(): Readonly<Record<string, string>> {
    return { OPENAI_BASE_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`, CONTINUO_MODEL: 'bench' };
  }

  /** How long it took itself over the answer that a reply contains; null: the reply has none. */
  ownMs(reply: string): number | null {
    const number = Number(NUMBERED.exec(reply)?.[1] ?? Number.NaN);
    const call = this.answers.get(number);
    this.answers.delete(number);
    return call === undefined || call.answeredAt === null ? null : call.answeredAt - call.arrivedAt;
  }

  forget(): void {
    this.calls.length = 0;
    this.answers.clear();
    this.mostInFlight = 0;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const arrivedAt = performance.now();
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as AskedBody;
      await this.answer(body, outgoing, arrivedAt);
    } catch {
      outgoing.destroy();
    } finally {
      this.inFlight -= 1;
    }
  }

  private async answer(body: AskedBody, outgoing: ServerResponse, arrivedAt: number): Promise<void> {
    const schema = body.response_format?.json_schema?.name;
    const isExtraction = schema === 'memories';
    const shown = isExtraction ? newMessagesOf(body) : [];
    const marks = shown.flatMap(({ content }) => (MARK.test(content) ? [Number(MARK.exec(content)?.[1])] : []));
    const call: ModelCall = {
      kind: isExtraction ? 'extract' : schema === undefined ? 'answer' : 'other',
      marks,
      arrivedAt,
      answeredAt: null,
    };
    if (this.calls.length < KEPT_CALLS) this.calls.push(call);
    const number = (this.number += 1);
    if (call.kind === 'answer') this.answers.set(number, call);
    if (this.delayMs > 0) await sleep(this.delayMs);
    const reply = isExtraction
      ? JSON.stringify({ memories: shown.flatMap(memoryOf) })
      : schema === undefined
        ? `Answer ${number}.`
        : '{"decisions":[]}';
    call.answeredAt = performance.now();
    if (body.stream === true) sendStream(outgoing, reply);
    else sendWhole(outgoing, reply);
  }
}

function newMessagesOf({ messages }: AskedBody): readonly ShownMessage[] {
  const [, list = ''] = messages?.at(-1)?.content.split('New messages:\n') ?? [];
  return list.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as ShownMessage] : []));
}

/** What was said, as it was said. */
const memoryOf = ({ id, role, content }: ShownMessage): readonly object[] =>
  role !== 'user'
    ? []
    : [
        {
          kind: 'fact',
          title: 'Said',
          text: content,
          quote: content,
          message_ids: [id],
          topic_key: null,
          topic_value: null,
          negated: false,
          about: null,
          event_start: null,
          event_end: null,
          entities: [],
          key_phrases: [],
          preference_type: null,
          reasoning: '',
          confidence: 0.9,
        },
      ];

const USAGE = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
const ENVELOPE = { id: 'bench', created: 0, model: 'bench' };

function sendWhole(outgoing: ServerResponse, content: string): void {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ ...ENVELOPE, object: 'chat.completion', choices, usage: USAGE }));
}

function sendStream(outgoing: ServerResponse, content: string): void {
  const chunk = (more: object): string => `data: ${JSON.stringify({ ...ENVELOPE, object: 'chat.completion.chunk', ...more })}\n\n`;
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  outgoing.end(
    [
      chunk({ choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }] }),
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
      chunk({ choices: [], usage: USAGE }),
      'data: [DONE]\n\n',
    ].join(''),
  );
}
