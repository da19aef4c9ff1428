import type { CallOptions } from '@continuo/ports';
import { type StoreClient, waitedFor } from '../connection/store-client.ts';
import { meansLost, StoreRefusal, unavailable } from '../connection/store-errors.ts';
import { vectorFieldOf } from '../documents/vectors.ts';
import type { IndexEvent } from '../index-event.ts';
import { analysisFingerprint } from './analysis-fingerprint.ts';
import { type DescribedIndex, type Generation, GenerationNames, readGenerations } from './generation.ts';
import { generationBody, type GenerationMeta, type GenerationSize, SCHEMA_VERSION, vectorField } from './mapping.ts';

/** How long a writer may go by what it knows: after that long every process writes to a generation that was added. */
export const WRITERS_KNOW_AFTER_MS = 1_000;

/** A search goes by what is known for this long, and asks beside itself whether it still holds. */
const READERS_ASK_AFTER_MS = 1_000;
const READERS_KNOW_AFTER_MS = 10_000;

/** Creating an index or changing its mapping waits for the cluster's state. */
const ADMINISTRATION = { timeoutMs: 30_000, retries: 2 } as const;
const LOOK_UP = { timeoutMs: 5_000, retries: 1 } as const;

/** How many replaced fingerprints a generation remembers. */
const REMEMBERED = 20;

interface Known {
  readonly at: number;
  readonly generations: readonly Generation[];
}

/** Which generations there are, as the store has it now or had it a moment ago; makes the first, and the next when the one there is outdated. */
export class Generations {
  readonly names: GenerationNames;
  readonly #store: StoreClient;
  readonly #size: GenerationSize;
  readonly #onEvent: (event: IndexEvent) => void;
  #known: Known | null = null;
  #looking: Promise<Known> | null = null;

  constructor(store: StoreClient, name: string, size: GenerationSize, onEvent: (event: IndexEvent) => void) {
    this.names = new GenerationNames(name);
    this.#store = store;
    this.#size = size;
    this.#onEvent = onEvent;
  }

  /** What is known is wrong: ask again before the next call. */
  forget(): void {
    this.#known = null;
  }

  /** Never older than `maxAgeMs`. */
  async current(maxAgeMs: number, options: CallOptions = {}): Promise<readonly Generation[]> {
    if (this.#known !== null && Date.now() - this.#known.at <= maxAgeMs) return this.#known.generations;
    return (await this.#look(options)).generations;
  }

  /** The generation to search with vectors of that model. @throws AppError `index_unavailable` when there is none. */
  async toRead(modelId: string | null, dimension: number, options: CallOptions): Promise<Generation> {
    const generations = await this.current(READERS_KNOW_AFTER_MS, options);
    if (this.#known !== null && Date.now() - this.#known.at > READERS_ASK_AFTER_MS) this.#look({}).catch(() => undefined);
    const read = generations.find(({ isRead }) => isRead);
    if (modelId !== null) {
      const field = vectorFieldOf(modelId, dimension);
      // Its build is complete and it gets every write: it serves those who embed with its model, while others go on with theirs.
      const built = generations.findLast(({ meta, isRead }) => !isRead && meta.build?.complete === true && meta.model?.id === modelId);
      if (built !== undefined && (read === undefined || !read.vectorFields.has(field) || read.meta.model?.id !== modelId)) return built;
    }
    if (read === undefined) throw unavailable('is not there; it is made and filled anew from the records');
    if (read.meta.schema !== SCHEMA_VERSION) throw unavailable(sentenceFor(read.meta.schema));
    return read;
  }

  /** Every generation that writes go to, the one that is read first. Makes it when it is missing or outdated. */
  async toWrite(): Promise<readonly Generation[]> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const generations = await this.current(WRITERS_KNOW_AFTER_MS);
      const read = generations.find(({ isRead }) => isRead);
      if (read !== undefined && !isOutdated(read.meta))
        return [read, ...generations.filter((generation) => generation.isWritten && generation !== read)];
      await this.#makeNext(generations, read);
    }
    throw unavailable('could not be made');
  }

  /** The field exists afterwards. Several processes may ask for it at once. */
  async addVectorField(generation: Generation, field: string, modelId: string, dimension: number): Promise<void> {
    if (generation.vectorFields.has(field)) return;
    // What it says of itself now: a field added a moment ago has changed it.
    const { meta } = (await this.current(0)).find(({ uuid }) => uuid === generation.uuid) ?? generation;
    const first = meta.model === null ? { _meta: { ...meta, model: { id: modelId, dimension } } } : {};
    await this.#mapping(generation, { ...first, properties: { [field]: vectorField(dimension) } });
  }

  async writeMeta(generation: Generation, meta: GenerationMeta): Promise<void> {
    await this.#mapping(generation, { _meta: meta });
  }

  /** Creates a generation after all others. False when somebody else has just done so. */
  async create(number: number, meta: GenerationMeta, aliases: readonly string[]): Promise<boolean> {
    const vectors = meta.model === null ? {} : { [vectorFieldOf(meta.model.id, meta.model.dimension)]: meta.model.dimension };
    const body = generationBody(meta, this.#size, vectors, [this.names.intake(number), ...aliases]);
    try {
      await this.#store.send({ operation: 'create', method: 'PUT', path: `/${this.names.index(number)}`, body }, ADMINISTRATION);
      return true;
    } catch (error) {
      if (error instanceof StoreRefusal && error.type === 'resource_already_exists_exception') return false;
      throw error;
    } finally {
      this.forget();
    }
  }

  /** All of these or none. */
  async changeAliases(actions: readonly AliasAction[]): Promise<void> {
    const body = { actions: actions.map(({ action, generation, alias }) => ({ [action]: { index: generation.index, alias } })) };
    try {
      await this.#store.send({ operation: 'aliases', method: 'POST', path: '/_aliases', body }, ADMINISTRATION);
    } finally {
      this.forget();
    }
  }

  async drop(generation: Generation): Promise<void> {
    try {
      await this.#store.send({ operation: 'drop', method: 'DELETE', path: `/${generation.index}` }, ADMINISTRATION);
    } catch (error) {
      if (!meansLost(error)) throw error;
    } finally {
      this.forget();
    }
  }

  /** What a generation that is made now says of itself. */
  newMeta(before: Generation | undefined, parts: Pick<GenerationMeta, 'model' | 'build'>): GenerationMeta {
    const analysis = analysisFingerprint();
    const replaced = before === undefined ? [] : [...before.meta.replaced, before.meta.analysis];
    return {
      schema: SCHEMA_VERSION,
      analysis,
      replaced: [...new Set(replaced)].filter((fingerprint) => fingerprint !== analysis).slice(-REMEMBERED),
      ...parts,
    };
  }

  async #makeNext(generations: readonly Generation[], outdated: Generation | undefined): Promise<void> {
    const meta = this.newMeta(outdated, { model: null, build: null });
    const number = (generations.at(-1)?.number ?? 0) + 1;
    const { read, write } = this.names;
    if (outdated === undefined) {
      if (await this.create(number, meta, [read, write])) this.#onEvent({ type: 'generation', number, reason: 'new' });
      return;
    }
    // One that was made, and never got its aliases because its maker died, is taken over.
    const made = generations.find(
      ({ meta: { schema, analysis, build }, isWritten }) =>
        !isWritten && build === null && schema === meta.schema && analysis === meta.analysis,
    );
    if (made === undefined) {
      await this.create(number, meta, []);
      return this.#makeNext(await this.current(0), outdated);
    }
    await this.changeAliases([
      ...[read, write].map((alias): AliasAction => ({ action: 'remove', generation: outdated, alias })),
      ...[read, write].map((alias): AliasAction => ({ action: 'add', generation: made, alias })),
    ]);
    this.#onEvent({ type: 'generation', number: made.number, reason: 'outdated' });
    await this.drop(outdated);
  }

  async #mapping(generation: Generation, body: object): Promise<void> {
    try {
      await this.#store.send({ operation: 'mapping', method: 'PUT', path: `/${generation.index}/_mapping`, body }, ADMINISTRATION);
    } finally {
      this.forget();
    }
  }

  /** Callers at the same moment share one look; each waits no longer than it likes. */
  async #look(options: CallOptions): Promise<Known> {
    this.#looking ??= this.#ask().finally(() => (this.#looking = null));
    return waitedFor(this.#looking, options);
  }

  async #ask(): Promise<Known> {
    const at = Date.now();
    const described = await this.#store.send<Readonly<Record<string, DescribedIndex>>>(
      { operation: 'look', method: 'GET', path: `/${this.names.all}`, query: { expand_wildcards: 'open' } },
      LOOK_UP,
    );
    return (this.#known = { at, generations: readGenerations(described, this.names) });
  }
}

export interface AliasAction {
  readonly action: 'add' | 'remove';
  readonly generation: Generation;
  readonly alias: string;
}

/** True for what this process replaces. What a newer one has made is left alone. */
function isOutdated({ schema, analysis, replaced }: GenerationMeta): boolean {
  if (schema > SCHEMA_VERSION) throw unavailable(sentenceFor(schema));
  const mine = analysisFingerprint();
  return schema < SCHEMA_VERSION || (analysis !== mine && !replaced.includes(mine));
}

/** @throws AppError `index_unavailable` for a generation of a newer version: texts that this one reads its own way would stay in it for good. */
export function requireOwnReading({ meta }: Generation): void {
  if (meta.analysis !== analysisFingerprint()) throw unavailable('was made by another version of Continuo, which alone writes documents');
}

const sentenceFor = (schema: number): string =>
  schema > SCHEMA_VERSION
    ? `was written by a newer version of Continuo (schema ${schema}, this one knows ${SCHEMA_VERSION})`
    : `was written by an older version of Continuo (schema ${schema}, this one writes ${SCHEMA_VERSION}) and is filled anew from the records`;
