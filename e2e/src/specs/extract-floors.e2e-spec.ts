import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RecordedRequest, saysJson, ScriptedModel } from '@continuo/testing';
import { type ExtractReport, runExtractBench } from '../bench/extract/bench-extract.ts';
import { runJunkBench } from '../bench/extract/bench-junk.ts';
import { dialoguesOf, SPLITS } from '../bench/extract/dialogue.ts';
import type { ExtractFigures } from '../bench/extract/figures.ts';
import { MODE, onlyIn } from '../deployment/deployment.ts';

const quiet = { mode: MODE, say: () => undefined };

describe('what the rules keep of dialogues as people have them', () => {
  let report: ExtractReport;
  beforeAll(async () => {
    report = await runExtractBench({ ...quiet, batches: 'turn', dialogues: SPLITS.flatMap(dialoguesOf), model: null, concurrency: 8 });
  });

  const figures = (of: string): ExtractFigures => {
    const found = report.rows.find((row) => row.of === of);
    if (found === undefined) throw new Error(`no figures of ${of}`);
    return found.figures;
  };

  it('is of 150 dialogues at least, in English, Chinese and both', () => {
    expect(figures('all').dialogues).toBeGreaterThanOrEqual(150);
    for (const [of, least] of [
      ['dev, en', 45],
      ['dev, zh', 35],
      ['dev, mixed', 12],
      ['held', 55],
    ] as const)
      expect(figures(of).dialogues).toBeGreaterThanOrEqual(least);
  });

  it('holds nothing that nobody said, and nothing of one person as another’s', () => {
    expect(report.judgements.flatMap(({ invented }) => invented)).toEqual([]);
    expect(report.judgements.flatMap(({ misattributed }) => misattributed)).toEqual([]);
  });

  it.each([
    { of: 'all', precision: 0.95, recall: 0.72 },
    { of: 'dev', precision: 0.95, recall: 0.78 },
    { of: 'held', precision: 0.93, recall: 0.6 },
  ])('is right and is enough: $of', ({ of, precision, recall }) => {
    expect(figures(of).precision.value).toBeGreaterThanOrEqual(precision);
    expect(figures(of).recall.value).toBeGreaterThanOrEqual(recall);
  });

  it('bears the dates that were meant', () => {
    expect(figures('all').dated).toBeGreaterThanOrEqual(20);
    expect(figures('all').dateErrors).toBeLessThanOrEqual(1);
  });
});

describe('what was recalled and comes back', () => {
  it('makes no memory, in whatever form, nor does what a text, a tool or a document asks for', async () => {
    const { before, after, grown, obeyed } = await runJunkBench({ ...quiet, turns: 40 });

    expect(before).toBeGreaterThanOrEqual(6);
    expect({ after, grown, obeyed }).toEqual({ after: before, grown: [], obeyed: [] });
  });
});

interface ShownMessage {
  readonly id: string;
  readonly role: string;
  readonly content: string;
}

/** Makes a fact of every new message of the user, as no careful model would: it is the way there that is tried here. */
function everythingAsFact(request: RecordedRequest) {
  const shown = request.prompt
    .slice(request.prompt.indexOf('New messages:'))
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as ShownMessage);
  const said = request.schemaName === 'memories' ? shown.filter(({ role }) => role === 'user') : [];
  return {
    decisions: [],
    memories: said.map(({ id, content }) => ({
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
      event_times: [],
      event_places: [],
      event_people: [],
      entities: [],
      key_phrases: [],
      preference_type: null,
      reasoning: '',
      confidence: 0.9,
    })),
  };
}

// The way through the proxy is the same in both.
onlyIn('standalone', () => {
  describe('the bench with a model', () => {
    const dialogues = dialoguesOf('dev').slice(0, 8);
    let model: ScriptedModel;
    let folder: string;
    let recorded: ExtractReport;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'continuo-replies-'));
      model = (await ScriptedModel.start()).always((request) => saysJson(everythingAsFact(request)));
      recorded = await run({ baseUrl: model.baseUrl, replays: false });
    });
    afterAll(async () => {
      await model.close();
      await rm(folder, { recursive: true, force: true });
    });
    const run = (more: { readonly baseUrl: string | null; readonly replays: boolean }): Promise<ExtractReport> =>
      runExtractBench({
        ...quiet,
        batches: 'dialogue',
        dialogues,
        concurrency: 1,
        model: { name: 'scripted-model', apiKey: null, folder, ...more },
      });

    it('asks a model once for an answered turn at most, and never more than twice for a batch', () => {
      const { calls } = recorded;

      expect(calls?.answeredTurns).toBeGreaterThan(dialogues.length);
      expect(calls?.callsPerAnsweredTurn).toBeLessThanOrEqual(1);
      expect(calls?.mostPerBatch).toBeLessThanOrEqual(2);
    });

    it('plays recorded replies again to the same figures without asking, and names the one that is missing', async () => {
      const asked = model.chats.length;
      const replayed = await run({ baseUrl: null, replays: true });
      const [first = ''] = await readdir(folder);
      await rm(join(folder, first));

      expect(recorded.rows[0]?.figures.memories).toBeGreaterThan(dialogues.length);
      expect(replayed.rows).toEqual(recorded.rows);
      expect(replayed.configuration).toMatchObject({ extractor: 'model scripted-model', replies: 'replayed' });
      await expect(run({ baseUrl: null, replays: true })).rejects.toThrow(first);
      expect(model.chats).toHaveLength(asked);
    });
  });
});
