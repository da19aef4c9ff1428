import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadConfiguration } from '@continuo/platform';
import type { ArchiveReport } from '@continuo/ports';
import { jsonRows } from '../lines/json-rows.ts';
import { readLines } from '../lines/line-reader.ts';
import type { Printed } from './output.ts';
import { requireProjectId } from './project-id.ts';
import { Progress } from './progress.ts';
import { raiseSignals } from './signals.ts';
import { withNewRecords } from './with-records.ts';

/** As the server makes it: nobody else looks into it. */
const FOLDER_MODE = 0o700;

/** Reads an export into a project beside running services, which take up what was added. What is there already stays. */
export async function importProject(projectId: string, input: AsyncIterable<Uint8Array>): Promise<Printed> {
  requireProjectId(projectId);
  const { records: place } = loadConfiguration().stores;
  if (place.engine === 'sqlite') await mkdir(dirname(place.file), { recursive: true, mode: FOLDER_MODE });
  return withNewRecords(async (records, configuration) => {
    const progress = new Progress();
    let report: ArchiveReport;
    try {
      report = await records.archive.write(projectId, shown(jsonRows(readLines(input)), progress));
    } finally {
      progress.end();
      await raiseSignals(records, configuration);
    }
    return { value: { project: projectId, ...report }, lines: linesOf(projectId, report), failed: report.refused.length > 0 };
  });
}

async function* shown(rows: AsyncIterable<unknown>, progress: Progress): AsyncGenerator<unknown> {
  let count = 0;
  for await (const row of rows) {
    count += 1;
    progress.show(() => `${count} lines`);
    yield row;
  }
}

function linesOf(projectId: string, { subjects, added, known, refused }: ArchiveReport): readonly string[] {
  return [
    `Project ${projectId}: ${subjects} subjects; ${added} rows were added, ${known} were there already.`,
    ...(refused.length === 0
      ? []
      : [
          `${refused.length} subjects were left alone, because they were erased here or there since: what was erased does not come back.`,
          ...refused.map((subject) => `  ${subject}`),
        ]),
  ];
}
