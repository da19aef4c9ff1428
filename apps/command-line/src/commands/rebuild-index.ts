import type { Configuration } from '@continuo/platform';
import type { IndexModel } from '@continuo/ports';
import type { Records } from '@continuo/records';
import { CompareIndex, RebuildIndex, type RebuildReport } from '@continuo/use-cases';
import { openClusterIndex } from '../infrastructure.ts';
import { untilInterrupted } from './interruption.ts';
import type { Printed } from './output.ts';
import { Progress } from './progress.ts';
import { raiseSignals } from './signals.ts';
import { withIndex } from './with-index.ts';
import { withRecords } from './with-records.ts';

const PAGE = 500;

/** Makes the index anew from the records while it serves. */
export const rebuildIndex = (): Promise<Printed> =>
  withRecords(async (records, configuration) => {
    if (configuration.stores.index === null) return rewriteInPlace(records, configuration);
    const report = await buildGeneration(records, configuration, await records.vectors.current(), 'now');
    return {
      value: report,
      lines: [`The next index serves: ${report.filled} documents were brought in, ${report.mended} mended, ${report.removed} removed.`],
    };
  });

/** The complete build for another model serves from now on. */
export const swapIndex = (): Promise<Printed> =>
  withRecords(async (records, configuration) => {
    const opened = await openClusterIndex(configuration);
    if (opened === null) throw new Error('An index in a file has no builds: its server uses the configured model from its next start on.');
    try {
      const build = await opened.builds.current();
      if (build === null) return { value: { swapped: false }, lines: ['There is no build; the index that serves is the only one.'] };
      if (!build.isComplete)
        throw new Error('The build is not complete; "npx continuo reembed" or "npx continuo index rebuild" goes on with it.');
      if (!(await new RebuildIndex(records.indexSource, opened.builds, records.exclusive).swap())) throw busy();
      return {
        value: { swapped: true, model: build.model },
        lines: [`The index with vectors of ${build.model?.id ?? 'no model'} serves.`],
      };
    } finally {
      await opened.close();
    }
  });

/**
 * Builds the next generation beside the one that serves.
 *
 * @throws Error when another process is building.
 */
export async function buildGeneration(
  records: Records,
  configuration: Configuration,
  model: IndexModel | null,
  swap: 'now' | 'later',
): Promise<RebuildReport> {
  const opened = await openClusterIndex(configuration);
  if (opened === null) throw new Error('There is no OpenSearch in this installation (CONTINUO_INDEX_URL).');
  const progress = new Progress();
  try {
    const rebuild = new RebuildIndex(records.indexSource, opened.builds, records.exclusive);
    const report = await untilInterrupted((signal) =>
      rebuild.execute({ model, swap }, signal, (filled) => progress.show(() => `${filled} documents`)),
    );
    if (report === null) throw busy();
    return report;
  } finally {
    progress.end();
    await opened.close();
  }
}

const busy = (): Error => new Error('Another process is building the index.');

/** A file has no second one beside it, so its server writes every document once more, in place; what does not belong there is removed. */
async function rewriteInPlace(records: Records, configuration: Configuration): Promise<Printed> {
  const progress = new Progress();
  const documents = await withIndex(configuration, records.indexSource, (index) =>
    untilInterrupted(async (signal) => {
      await new CompareIndex(index, records.indexSource).execute({ repair: true }, signal);
      let done = 0;
      for (let afterId: string | null = null; ;) {
        signal.throwIfAborted();
        const page: Awaited<ReturnType<Records['indexSource']['entries']>> = await records.indexSource.entries({ afterId, limit: PAGE });
        await records.indexSource.putBack(page);
        done += page.length;
        progress.show(() => `${done} documents`);
        afterId = page.at(-1)?.id ?? null;
        if (afterId === null) return done;
      }
    }),
  ).finally(() => progress.end());
  await raiseSignals(records, configuration);
  return {
    value: { documents },
    lines: [
      `${documents} documents wait to be written anew, in place: a running server begins within seconds, otherwise the next start does.`,
    ],
  };
}
