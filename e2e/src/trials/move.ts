import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptedModel } from '@continuo/testing';
import { cluster } from '../deployment/cluster.ts';
import { eventually, System } from '../system.ts';
import { exported, migrated, minedAgain, moved } from './move-command.ts';
import { differences, type Look, lookAt, memoriesOf } from './move-look.ts';
import { fill, inBatches, peopleOf, type Person, untilSettled } from './move-people.ts';

const MINED_WITHIN_MS = 600_000;
/** Before anything was deleted, as a client with an old backlog would send it. */
const LONG_AGO = '2020-01-01 08:00:00';

export interface MoveOptions {
  readonly users: number;
  /** Searches that are compared. */
  readonly searches: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface MoveReport {
  readonly users: number;
  /** Lines of the export, by kind of row. */
  readonly rows: Readonly<Record<string, number>>;
  /** Of those: memories that were superseded, and that were deleted. */
  readonly superseded: number;
  readonly deleted: number;
  readonly searches: number;
  /** Searches that found something. */
  readonly fruitful: number;
  readonly thereMs: number;
  readonly backMs: number;
  /** What the cluster shows otherwise than the standalone installation did, and then a standalone one that it was moved back to. */
  readonly inCluster: Readonly<Record<keyof Look, readonly string[]>>;
  readonly back: Readonly<Record<keyof Look, readonly string[]>>;
  /** Lines that differ between the first export and one of the cluster, and one of the installation it was moved back to. */
  readonly clusterLines: readonly string[];
  readonly backLines: readonly string[];
  /** What came up again in the cluster although it had been deleted before. */
  readonly returned: readonly string[];
}

/** Moves a standalone installation into a cluster and back, and compares what everybody sees. */
export async function moveThereAndBack(options: MoveOptions): Promise<MoveReport> {
  const folders = await Promise.all(['a', 'b', 'c'].map(() => mkdtemp(join(tmpdir(), 'continuo-move-'))));
  const vectors = await ScriptedModel.start();
  const environment = { CONTINUO_EMBEDDING_BASE_URL: vectors.baseUrl, CONTINUO_EMBEDDING_MODEL: 'scripted-vectors' };
  const [first = '', second = '', third = ''] = folders;
  const deployment = await cluster(second);
  try {
    return await new Move(options, environment, first, { folder: second, settings: deployment.environment }, third).run();
  } finally {
    await deployment.remove();
    await vectors.close();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

class Move {
  readonly #options: MoveOptions;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #cluster: { readonly folder: string; readonly settings: Readonly<Record<string, string>> };
  readonly #folderAfter: string;
  readonly #people: readonly Person[];

  constructor(
    options: MoveOptions,
    environment: Readonly<Record<string, string>>,
    folder: string,
    clusterStores: { readonly folder: string; readonly settings: Readonly<Record<string, string>> },
    folderAfter: string,
  ) {
    this.#options = options;
    this.#environment = environment;
    this.#folder = folder;
    this.#cluster = clusterStores;
    this.#folderAfter = folderAfter;
    this.#people = peopleOf(options.users, options.seed);
  }

  async run(): Promise<MoveReport> {
    const { say, searches, users } = this.#options;
    const stores = { CONTINUO_DATA_DIR: this.#cluster.folder, ...this.#cluster.settings };
    const after = { CONTINUO_DATA_DIR: this.#folderAfter };
    const origin = await this.#with('standalone', this.#folder, async (system) => {
      await fill(system, this.#people);
      say(`${users} users have said what they had to say`);
      const lines = await exported(system.settings);
      await migrated(stores);
      const thereMs = await moved(system.settings, stores);
      say(`moved into the stores of a cluster in ${(thereMs / 1_000).toFixed(1)} s`);
      const look = await lookAt(system, this.#people, { archivedIds: archivedIn(lines), searches });
      return { lines, look, thereMs };
    });
    const looking = { archivedIds: archivedIn(origin.lines), searches };
    const there = await this.#with('cluster', this.#cluster.folder, async (system) => {
      await untilSettled(system);
      say('the cluster has its index');
      const look = await lookAt(system, this.#people, looking);
      const lines = await exported(system.settings);
      const backMs = await moved(system.settings, after);
      return { lines, look, backMs, returned: await this.#returned(system) };
    });
    say('moved back');
    const back = await this.#with('standalone', this.#folderAfter, async (system) => {
      await untilSettled(system);
      return { lines: await exported(system.settings), look: await lookAt(system, this.#people, looking) };
    });
    return {
      ...countsOf(origin.lines),
      users,
      searches: origin.look.searches.length,
      fruitful: origin.look.searches.filter(([, ids]) => ids !== '[[],[]]').length,
      thereMs: origin.thereMs,
      backMs: there.backMs,
      inCluster: compared(origin.look, there.look),
      back: compared(origin.look, back.look),
      clusterLines: otherLines(origin.lines, there.lines),
      backLines: otherLines(origin.lines, back.lines),
      returned: there.returned,
    };
  }

  async #with<Result>(mode: 'standalone' | 'cluster', dataDirectory: string, work: (system: System) => Promise<Result>): Promise<Result> {
    const system = await System.start({ mode, dataDirectory, environment: this.#environment });
    try {
      return await work(system);
    } finally {
      await system.close();
    }
  }

  /** Reads the old messages again, then has them sent once more as late news: what was deleted has to stay away. */
  async #returned(system: System): Promise<readonly string[]> {
    const deleters = this.#people.filter(({ takenBack }) => takenBack !== null);
    const before = await memoriesOf(system, deleters);
    await minedAgain(system.settings);
    await eventually(() => nothingWaits(system, deleters), MINED_WITHIN_MS);
    const again = differences(before, await memoriesOf(system, deleters));
    await inBatches(deleters, ({ user, takenBack }) =>
      system.remember(user, 'late', [{ role: 'user', content: takenBack, chat_time: LONG_AGO }]),
    );
    return [...again, ...differences(before, await memoriesOf(system, deleters))];
  }
}

/** A synchronous add answers when everything of the subject before it has been mined. */
async function nothingWaits(system: System, people: readonly Person[]): Promise<void> {
  await inBatches(people, ({ user }) => system.remember(user, 'noise', [{ role: 'assistant', content: 'Hm.' }]));
  await untilSettled(system);
}

type Row = { readonly row?: string; readonly id?: string; readonly status?: string };

const rowsOf = (lines: readonly string[]): readonly Row[] => lines.map((line) => JSON.parse(line) as Row);

const archivedIn = (lines: readonly string[]): readonly string[] =>
  rowsOf(lines).flatMap(({ row, status, id }) => (row === 'memory' && status !== 'current' && id !== undefined ? [id] : []));

function countsOf(lines: readonly string[]): Pick<MoveReport, 'rows' | 'superseded' | 'deleted'> {
  const rows = rowsOf(lines);
  const counts: Record<string, number> = {};
  for (const { row } of rows) if (row !== undefined) counts[row] = (counts[row] ?? 0) + 1;
  const withStatus = (wanted: string): number => rows.filter(({ row, status }) => row === 'memory' && status === wanted).length;
  return { rows: counts, superseded: withStatus('superseded'), deleted: withStatus('deleted') };
}

const compared = (one: Look, other: Look): MoveReport['inCluster'] => ({
  memories: differences(one.memories, other.memories),
  history: differences(one.history, other.history),
  transcripts: differences(one.transcripts, other.transcripts),
  searches: differences(one.searches, other.searches),
});

/** Line by line: an export has one order. */
export const otherLines = (one: readonly string[], other: readonly string[]): readonly string[] =>
  Array.from({ length: Math.max(one.length, other.length) }, (_, number) => number).flatMap((number) => {
    const apart = fieldsApart(one[number], other[number]);
    return apart === '' ? [] : [`line ${number + 1}: ${apart}`];
  });

/** The fields in which two lines differ. */
function fieldsApart(one = '{}', other = '{}'): string {
  const [here, there] = [one, other].map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const names = [...new Set([...Object.keys(here ?? {}), ...Object.keys(there ?? {})])];
  return (
    names
      .map((name) => [name, JSON.stringify(here?.[name]), JSON.stringify(there?.[name])] as const)
      // It counts how often the index was told; an installation tells its index everything once when it takes up a model of embeddings.
      .filter(([name, before, after]) => before !== after && name !== 'indexVersion')
      .map(([name, before, after]) => `${name} ${before} became ${after}`)
      .join(', ')
  );
}
