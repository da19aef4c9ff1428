import type { Mode } from '../../deployment/deployment.ts';
import { System } from '../../system.ts';
import { CallCounter, type CallFigures } from './call-counter.ts';
import { type Dialogue, SPLITS } from './dialogue.ts';
import { driveDialogues } from './drive-dialogues.ts';
import { type ExtractFigures, figuresOf } from './figures.ts';
import { judge, type Judgement } from './judge.ts';
import { ModelProxy } from './model-proxy.ts';

/** The model that extracts, behind a proxy of the bench. */
export interface BenchedModel {
  readonly name: string;
  /** Null: recordings alone answer. */
  readonly baseUrl: string | null;
  readonly apiKey: string | null;
  /** Where its replies are kept; null: nowhere. */
  readonly folder: string | null;
  readonly replays: boolean;
}

export interface ExtractOptions {
  readonly dialogues: readonly Dialogue[];
  readonly mode: Mode;
  /** `turn`: each waits until the one before is mined; `dialogue`: all its turns are mined together. */
  readonly batches: 'turn' | 'dialogue';
  /** Null: the rules extract. */
  readonly model: BenchedModel | null;
  /** Users that speak at a time. With one, the calls of each batch are known. */
  readonly concurrency: number;
  readonly say: (line: string) => void;
}

export interface ExtractReport {
  readonly date: string;
  readonly configuration: {
    readonly mode: Mode;
    readonly extractor: string;
    readonly replies: 'none' | 'asked' | 'recorded' | 'replayed';
    readonly timeZone: string;
    readonly batches: 'turn' | 'dialogue';
    readonly concurrency: number;
  };
  readonly wallSeconds: number;
  /** By split, by language and by family of traps, in the order of the table. */
  readonly rows: readonly { readonly of: string; readonly figures: ExtractFigures }[];
  readonly calls: CallFigures | null;
  readonly judgements: readonly Judgement[];
}

const TIME_ZONE = 'UTC';

/** Tells a fresh server all dialogues and judges what it keeps of them. @throws Error when a recording is missing. */
export async function runExtractBench(options: ExtractOptions): Promise<ExtractReport> {
  const { dialogues, batches, mode, model, concurrency, say } = options;
  const proxy = model === null ? null : await ModelProxy.start(model);
  const startedAt = Date.now();
  try {
    const system = await System.start({ mode, environment: settingsFor(model, proxy) });
    try {
      say(`${dialogues.length} dialogues, ${concurrency} at a time`);
      const counter = new CallCounter(() => proxy?.calls ?? 0, concurrency === 1);
      const kept = await driveDialogues(system, dialogues, {
        concurrency,
        batchDone: (answeredTurns) => counter.batchDone(answeredTurns),
        atOnce: batches === 'dialogue',
        whileWaiting: proxy === null ? null : () => refuseMissing(proxy),
      });
      refuseMissing(proxy);
      const judgements = dialogues.map((dialogue) => judge(dialogue, kept.get(dialogue) ?? []));
      return {
        date: new Date(startedAt).toISOString().slice(0, 10),
        configuration: {
          mode,
          extractor: model === null ? 'rules' : `model ${model.name}`,
          replies: model === null ? 'none' : model.replays ? 'replayed' : model.folder === null ? 'asked' : 'recorded',
          timeZone: TIME_ZONE,
          batches,
          concurrency,
        },
        wallSeconds: (Date.now() - startedAt) / 1_000,
        rows: rowsOf(judgements),
        calls: proxy === null ? null : counter.figures(),
        judgements,
      };
    } finally {
      await system.close();
    }
  } finally {
    await proxy?.close();
  }
}

const settingsFor = (model: BenchedModel | null, proxy: ModelProxy | null): Readonly<Record<string, string>> => ({
  CONTINUO_TIME_ZONE: TIME_ZONE,
  ...(model === null || proxy === null
    ? {}
    : { OPENAI_BASE_URL: proxy.baseUrl, OPENAI_API_KEY: 'behind-the-proxy', CONTINUO_MODEL: model.name }),
});

function refuseMissing(proxy: ModelProxy | null): void {
  if (proxy === null || proxy.missing.size === 0) return;
  const names = [...proxy.missing];
  throw new Error(`${names.length} recordings are missing, record again: ${names.slice(0, 5).join(', ')}`);
}

function rowsOf(judgements: readonly Judgement[]): ExtractReport['rows'] {
  const row = (of: string, isIn: (dialogue: Dialogue) => boolean) => ({
    of,
    figures: figuresOf(judgements.filter(({ dialogue }) => isIn(dialogue))),
  });
  const values = (key: 'language' | 'trap'): readonly string[] => [...new Set(judgements.map(({ dialogue }) => dialogue[key]))];
  return [
    row('all', () => true),
    ...SPLITS.map((split) => row(split, (dialogue) => dialogue.split === split)),
    ...SPLITS.flatMap((split) =>
      values('language').map((language) => row(`${split}, ${language}`, (each) => each.split === split && each.language === language)),
    ),
    ...values('trap').map((trap) => row(trap, (dialogue) => dialogue.trap === trap)),
  ];
}
