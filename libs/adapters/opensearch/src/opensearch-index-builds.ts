import type { IndexedDocument } from '@continuo/domain';
import type { BuiltEntry, IndexBuild, IndexBuilds, IndexEntry, IndexModel } from '@continuo/ports';
import { pause, type StoreClient } from './connection/store-client.ts';
import { translated, unavailable } from './connection/store-errors.ts';
import { tombstone } from './documents/index-document.ts';
import { vectorFieldOf } from './documents/vectors.ts';
import type { Generation } from './generations/generation.ts';
import { type AliasAction, type Generations, WRITERS_KNOW_AFTER_MS } from './generations/generations.ts';
import type { IndexEvent } from './index-event.ts';
import type { IndexWrites } from './index-writes.ts';
import { readEntries } from './search/index-entries.ts';

/** After that long no process goes by what was before; a little more than they allow themselves. */
const ALL_KNOW_AFTER_MS = WRITERS_KNOW_AFTER_MS + 500;

export interface BuildParts {
  readonly store: StoreClient;
  readonly generations: Generations;
  readonly writes: IndexWrites;
  readonly now: () => number;
  readonly onEvent: (event: IndexEvent) => void;
}

/** The next generation beside the one that serves. What a build has reached stands in its mapping, so any process can go on with it. */
export class OpenSearchIndexBuilds implements IndexBuilds {
  readonly #parts: BuildParts;

  constructor(parts: BuildParts) {
    this.#parts = parts;
  }

  async current(): Promise<IndexBuild | null> {
    return translated(async () => {
      const build = buildAmong(await this.#parts.generations.current(0));
      return build === undefined ? null : described(build);
    });
  }

  async begin(model: IndexModel | null): Promise<IndexBuild> {
    return translated(async () => {
      const { generations } = this.#parts;
      // The one that serves is made first where there is none: writes need it beside the build.
      await generations.toWrite();
      const all = await generations.current(0);
      for (const left of all.filter(isLeftOver)) await generations.drop(left);
      const known = buildAmong(all);
      if (known !== undefined && this.#isFor(known, model)) return described(known);
      if (known !== undefined) await generations.drop(known);
      await this.#make(all, model);
      await pause(ALL_KNOW_AFTER_MS, undefined);
      return described(await this.#build());
    });
  }

  async fill(documents: readonly IndexedDocument[], checkpoint: string): Promise<void> {
    await translated(async () => {
      const build = await this.#build();
      await this.#parts.writes.fill(build, documents);
      await this.#parts.generations.writeMeta(build, { ...build.meta, build: { checkpoint, complete: false } });
    });
  }

  async mend(documents: readonly IndexedDocument[]): Promise<void> {
    await translated(async () => this.#parts.writes.fill(await this.#build(), documents));
  }

  async remove(entries: readonly IndexEntry[]): Promise<void> {
    const now = this.#parts.now();
    await translated(async () =>
      this.#parts.writes.into(
        await this.#build(),
        entries.map((entry) => tombstone(entry, now)),
        'later',
      ),
    );
  }

  async entries(afterId: string | null, limit: number): Promise<readonly BuiltEntry[]> {
    return translated(async () => {
      const build = await this.#build();
      await this.#parts.writes.refresh(build);
      const { model } = build.meta;
      return readEntries(this.#parts.store, build, afterId, limit, model === null ? null : vectorFieldOf(model.id, model.dimension));
    });
  }

  async complete(): Promise<void> {
    await translated(async () => {
      const build = await this.#build();
      await this.#parts.writes.refresh(build);
      await this.#parts.generations.writeMeta(build, {
        ...build.meta,
        build: { checkpoint: build.meta.build?.checkpoint ?? null, complete: true },
      });
    });
  }

  async swap(): Promise<void> {
    await translated(async () => {
      const { generations } = this.#parts;
      const all = await generations.current(0);
      const build = buildAmong(all);
      if (build !== undefined) {
        if (build.meta.build?.complete !== true) throw unavailable('is still being built');
        await generations.changeAliases(this.#swapActions(build, all));
        await generations.writeMeta(build, { ...build.meta, build: null });
        // Until then somebody may still search the one before, which is still written.
        await pause(ALL_KNOW_AFTER_MS, undefined);
      }
      for (const left of (await generations.current(0)).filter(isLeftOver)) await generations.drop(left);
    });
  }

  async discard(): Promise<void> {
    await translated(async () => {
      const build = buildAmong(await this.#parts.generations.current(0));
      if (build !== undefined) await this.#parts.generations.drop(build);
    });
  }

  #swapActions(build: Generation, all: readonly Generation[]): readonly AliasAction[] {
    const { names } = this.#parts.generations;
    const before = all.filter(({ isRead }) => isRead);
    return [
      ...before.map((generation): AliasAction => ({ action: 'remove', generation, alias: names.read })),
      { action: 'add', generation: build, alias: names.read },
      { action: 'add', generation: build, alias: names.filled },
    ];
  }

  async #make(all: readonly Generation[], model: IndexModel | null): Promise<void> {
    const { generations, onEvent } = this.#parts;
    const number = (all.at(-1)?.number ?? 0) + 1;
    const read = all.find(({ isRead }) => isRead);
    const meta = generations.newMeta(read, { model, build: { checkpoint: null, complete: false } });
    if (!(await generations.create(number, meta, [generations.names.write]))) throw unavailable('is being built by somebody else');
    onEvent({ type: 'generation', number, reason: 'build' });
  }

  /** The same model and the same reading of texts: otherwise what is there is of no use. */
  #isFor(build: Generation, model: IndexModel | null): boolean {
    const { schema, analysis } = this.#parts.generations.newMeta(undefined, { model, build: null });
    const { meta } = build;
    return (
      meta.schema === schema &&
      meta.analysis === analysis &&
      meta.model?.id === model?.id &&
      meta.model?.dimension === model?.dimension &&
      build.isWritten
    );
  }

  async #build(): Promise<Generation> {
    const build = buildAmong(await this.#parts.generations.current(0));
    if (build === undefined) throw unavailable('has no build under way');
    return build;
  }
}

const buildAmong = (all: readonly Generation[]): Generation | undefined =>
  all.findLast(({ meta, isRead }) => meta.build !== null && !isRead);

/** True for what a swap has left behind because its process died. */
const isLeftOver = ({ meta, isRead, isWritten }: Generation): boolean => meta.build === null && !isRead && isWritten;

const described = ({ meta }: Generation): IndexBuild => ({
  model: meta.model,
  checkpoint: meta.build?.checkpoint ?? null,
  isComplete: meta.build?.complete ?? false,
});
