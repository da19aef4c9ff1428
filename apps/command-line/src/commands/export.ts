import type { Writable } from 'node:stream';
import { LineWriter } from '../lines/line-writer.ts';
import type { Printed } from './output.ts';
import { requireProjectId } from './project-id.ts';
import { Progress } from './progress.ts';
import { requireProject, withRecords } from './with-records.ts';

/** Writes a project out as lines of JSON, no faster than they are read. What is printed does not belong into the output. */
export function exportProject(projectId: string, vectors: boolean, output: Writable): Promise<Printed> {
  requireProjectId(projectId);
  return withRecords(async (records) => {
    await requireProject(records, projectId);
    const lines = new LineWriter(output);
    const progress = new Progress();
    let subjects = 0;
    try {
      for await (const row of records.archive.read(projectId, { vectors })) {
        await lines.write(JSON.stringify(row));
        if ('row' in row && row.row === 'subject_end') subjects += 1;
        progress.show(() => `${subjects} subjects, ${lines.lines} lines`);
      }
      await lines.flush();
    } finally {
      progress.end();
    }
    return {
      value: { project: projectId, subjects, lines: lines.lines },
      lines: [`Project ${projectId}: ${subjects} subjects in ${lines.lines} lines.`],
    };
  });
}
