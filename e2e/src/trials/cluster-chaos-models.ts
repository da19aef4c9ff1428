import { writeFile } from 'node:fs/promises';
import { fails, hangs, type RecordedRequest, resets, says, saysJson, type ScriptedReply, ScriptedModel } from '@continuo/testing';

/** A model that is silent for longer counts as down; long enough for a machine that has other things to do. */
export const MODEL_TIMEOUT_MS = 4_000;
const ANSWER_MS = 60;

/** What everybody in the trial says, with the number that tells one from the other. */
export const SAYING = /My locker number (\d+) is in room (\w+)\./u;

const OUTAGES: readonly (() => ScriptedReply)[] = [resets, hangs, () => fails(503)];

/** A model for answers and for mining, another that stands in for its answers, and one for vectors, which is always there. */
export class TrialModels {
  readonly #main: ScriptedModel;
  readonly #spare: ScriptedModel;
  readonly #vectors: ScriptedModel;

  private constructor(main: ScriptedModel, spare: ScriptedModel, vectors: ScriptedModel) {
    this.#main = main;
    this.#spare = spare;
    this.#vectors = vectors;
    this.restore();
  }

  static async start(): Promise<TrialModels> {
    return new TrialModels(await ScriptedModel.start(), await ScriptedModel.start(), await ScriptedModel.start());
  }

  /** Writes the models file and returns the settings that name it all. */
  async settings(modelsFile: string): Promise<Readonly<Record<string, string>>> {
    const model = (name: string, { baseUrl }: ScriptedModel) => ({
      name,
      base_url: baseUrl,
      timeout_ms: MODEL_TIMEOUT_MS,
      idle_timeout_ms: MODEL_TIMEOUT_MS,
    });
    await writeFile(
      modelsFile,
      JSON.stringify({
        models: [model('main', this.#main), model('spare', this.#spare)],
        roles: { answer: { model: 'main', fallback: 'spare' }, extract: { model: 'main' } },
      }),
    );
    return {
      CONTINUO_MODELS_FILE: modelsFile,
      CONTINUO_EMBEDDING_BASE_URL: this.#vectors.baseUrl,
      CONTINUO_EMBEDDING_MODEL: 'scripted-vectors',
    };
  }

  /** The first model is down from now on: how, changes from round to round. */
  fail(round: number): void {
    const outage = OUTAGES[round % OUTAGES.length] ?? resets;
    this.#main.always(() => outage());
  }

  /** The second one, too. */
  failSpare(): void {
    this.#spare.always(() => resets());
  }

  restore(): void {
    this.#main.always((request) => reply(request, 'Noted'));
    this.#spare.always((request) => reply(request, 'The spare model noted'));
  }

  /** Requests are recorded for tests that look into them; a trial runs too long for that. */
  forget(): void {
    for (const model of [this.#main, this.#spare, this.#vectors]) model.requests.length = 0;
  }

  async close(): Promise<void> {
    await Promise.all([this.#main.close(), this.#spare.close(), this.#vectors.close()]);
  }
}

function reply(request: RecordedRequest, opening: string): ScriptedReply {
  if (request.schemaName === 'memories') return saysJson({ memories: extracted(request.prompt) });
  if (request.schemaName !== null) return saysJson({ decisions: [] });
  const question = request.messages.findLast(({ role }) => role === 'user')?.content ?? '';
  return says(`${opening}, locker ${SAYING.exec(question)?.[1] ?? 'unknown'}.`, { delayMs: request.streamed ? ANSWER_MS / 4 : ANSWER_MS });
}

/** One memory for each new message that says something. */
export function extracted(prompt: string): readonly object[] {
  const lines = (prompt.split('New messages:\n')[1] ?? '').split('\n');
  return lines.flatMap((line) => {
    const message = messageIn(line);
    const [quote, number, room] = SAYING.exec(message?.content ?? '') ?? [];
    if (message === null || message.role !== 'user' || quote === undefined) return [];
    return [memoryOf(message.id, quote, `The user's locker number ${number} is in room ${room}.`)];
  });
}

function messageIn(line: string): { readonly id: string; readonly role: string; readonly content: string } | null {
  try {
    return JSON.parse(line) as { id: string; role: string; content: string };
  } catch {
    return null;
  }
}

const memoryOf = (messageId: string, quote: string, text: string): object => ({
  kind: 'fact',
  title: 'A locker',
  text,
  quote,
  message_ids: [messageId],
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
});
