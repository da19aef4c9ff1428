import type { Answer } from '../../system.ts';
import { askRow, type RowPlan } from './ask-rows.ts';
import type { RecallSet } from './recall-set.ts';

const MODEL = 'multilingual-e5-small/int8';
const WHOLE: RowPlan = { name: 'all', without: [] };
const turn = (id: string) => ({ id, role: 'user' as const, speaker: null, text: id, at: '2025-01-01 00:00:00' });

const set: RecallSet = {
  name: 'two sessions',
  units: [
    {
      id: 'ana',
      sessions: [
        { id: 's1', turns: [turn('t1'), turn('t2')] },
        { id: 's2', turns: [turn('t3')] },
      ],
      questions: [
        {
          id: 'q',
          category: 'plain',
          text: 'What?',
          gold: { turns: ['t1', 't3'], sessions: ['t1', 't3'] },
          update: { newer: ['t3'], older: ['t1'] },
        },
        { id: 'other view', category: 'plain', text: 'Who?', gold: { elsewhere: ['t2'] }, update: null },
      ],
      foreign: [],
    },
  ],
  views: [
    { name: 'turns', level: 'turn', cuts: [5] },
    { name: 'sessions', level: 'session', cuts: [5] },
  ],
  foreignQuestions: 0,
};
const filled = { ana: { userId: 'u', turnOf: { m1: 't1', m2: 't2', m3: 't3' } } };

interface Reported {
  readonly model?: string | null;
  readonly without?: readonly string[];
  readonly candidates?: number;
  readonly cosine?: number | null;
  readonly missing?: readonly (readonly string[])[];
}

/** Answers every search alike, with a preference that stands last though it fits best. */
class ScriptedServer {
  readonly asked: unknown[] = [];
  private readonly reported: Reported;

  constructor(reported: Reported = {}) {
    this.reported = reported;
  }

  async post(_path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    this.asked.push({ body, headers });
    const { model = MODEL, without = [], candidates = 3, cosine = 0.8, missing = [] } = this.reported;
    const item = (relativity: number, ...ids: readonly string[]) => ({ relativity, explanation: { cosine }, source_message_ids: ids });
    const debug = {
      recall: 'ok',
      missing_arms: missing[this.asked.length - 1] ?? [],
      items: [item(0.5, 'm2'), item(0.4, 'm1', 'of another time'), item(0.9, 'm3')],
      configuration: { embedding_model: model, without, candidates },
    };
    return { status: 200, headers: new Headers(), body: { code: 0, data: { debug } } };
  }
}

const ask = (server: ScriptedServer, plan = WHOLE) =>
  askRow(server, { set, filled, views: set.views, embeddingModel: MODEL, pauseMs: 1 }, plan);

describe('a row of questions', () => {
  it('is scored on one list by relativity, by turns and by sessions', async () => {
    const server = new ScriptedServer();
    const row = await ask(server);

    expect(row.questions).toHaveLength(1);
    expect(row.questions[0]).toMatchObject({
      id: 'q',
      newestFirst: true,
      views: { turns: { ranks: [3, 1] }, sessions: { ranks: [2, 1] } },
    });
    expect(row.questions[0]?.views['turns']?.recall).toMatchObject({ 1: 1 / 2, 5: 1 });
    expect(row.effective).toMatchObject({ embeddingModel: MODEL, askingNothing: 0, itemsWithoutVector: 0, repeats: 0 });
    expect(server.asked).toEqual([
      {
        body: { user_id: 'u', query: 'What?', memory_limit_number: 50, preference_limit_number: 50, relativity: 0 },
        headers: { 'X-Continuo-Debug': 'explain' },
      },
    ]);
  });

  it('fails when another model answered than it claims, or none', async () => {
    await expect(ask(new ScriptedServer({ model: 'another' }))).rejects.toThrow(
      'claims multilingual-e5-small/int8, but a question was embedded by another',
    );
    await expect(ask(new ScriptedServer({ model: null }))).rejects.toThrow('embedded by none');
  });

  it('fails when items have no vector', async () => {
    await expect(ask(new ScriptedServer({ cosine: null }))).rejects.toThrow('3 of 3 items have no vector');
  });

  it('takes a question that asks for nothing as one', async () => {
    const row = await ask(new ScriptedServer({ model: null, candidates: 0, cosine: null }));

    expect(row.effective.askingNothing).toBe(1);
  });

  it('leaves out what it says, and fails when the server did not', async () => {
    const plan = { name: 'words only', without: ['vectors'] };
    const server = new ScriptedServer({ model: null, without: ['vectors'], cosine: null });
    const row = await ask(server, plan);

    expect(server.asked).toMatchObject([{ headers: { 'X-Continuo-Without': 'vectors' } }]);
    expect(row.effective).toMatchObject({ embeddingModel: null, without: ['vectors'] });
    await expect(ask(new ScriptedServer({ model: null }), plan)).rejects.toThrow('left out nothing instead of vectors');
    await expect(ask(new ScriptedServer({ without: ['vectors'] }), plan)).rejects.toThrow('claims no model');
  });

  it('asks again while an arm is late, and says so', async () => {
    const row = await ask(new ScriptedServer({ missing: [['vectors']] }));

    expect(row.effective.repeats).toBe(1);
  });

  it('fails when an arm stays away', async () => {
    const missing = Array.from({ length: 10 }, () => ['words']);

    await expect(ask(new ScriptedServer({ missing }))).rejects.toThrow('still lacks: words');
  });
});
