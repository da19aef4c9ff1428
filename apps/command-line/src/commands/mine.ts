import { parseWrittenTime } from '@continuo/domain';
import { type Printed, UsageError } from './output.ts';
import { raiseSignals } from './signals.ts';
import { requireProject, withRecords } from './with-records.ts';

/** Puts stored messages back into the inbox. @throws UsageError for a time that is none. */
export const mine = (projectId: string | null, since: string | null): Promise<Printed> =>
  withRecords(async (records, configuration) => {
    const from = since === null ? null : parseWrittenTime(since, configuration.timeZone);
    if (since !== null && from === null)
      throw new UsageError(`--since "${since}" is no time; expected for example 2026-11-01 or "2026-11-01 09:00:00".`);
    await requireProject(records, projectId);
    const messages = await records.inbox.requeue({ projectId, since: from });
    await raiseSignals(records, configuration);
    return {
      value: { messages },
      lines: [`${messages} messages wait to be mined again. A running server begins within seconds, otherwise the next start does.`],
    };
  });
