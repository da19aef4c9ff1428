import { append, aRequest, aScope, NOW, readBatch, remember, someLabels } from '@continuo/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteRecords } from './open-sqlite-records.ts';

it('leaves no word of an erased subject in any table', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'continuo-erase-'));
  const records = await openSqliteRecords({ file: join(folder, 'records.db') });
  const tables = new DatabaseSync(join(folder, 'records.db'), { readOnly: true });
  const rowsWith = (word: string): readonly string[] =>
    tables
      .prepare(`select name from sqlite_master where type = 'table'`)
      .all()
      .map((row) => String(row['name']))
      .filter((name) => JSON.stringify(tables.prepare(`select * from "${name}"`).all()).includes(word));
  try {
    const labels = someLabels({ tags: ['xyzzy'], info: { place: 'xyzzy' } });
    const { memory } = await remember(records, { text: 'I hide at xyzzy', topicValue: 'xyzzy' }, { labels });
    await records.memories.deleteByIds('default', [memory.id], null, NOW);
    await remember(records, { id: 'second', text: 'I said xyzzy' }, { labels });
    const { requestId } = await records.requests.begin(aRequest());
    await append(records, { mode: 'turn', messages: ['where is xyzzy?'], answered: { requestId, answer: 'xyzzy' } });
    await records.inbox.writeJournal(await readBatch(records), { text: 'xyzzy' }, NOW);
    expect(rowsWith('xyzzy')).toEqual(
      expect.arrayContaining(['messages', 'memories', 'memory_labels', 'denials', 'extractions', 'requests']),
    );

    await records.memories.eraseSubject(aScope(), { keepMessages: false, now: NOW });
    expect(rowsWith('xyzzy')).toEqual([]);
    // Who it was is kept as long as the index has to be purged, with the number of erasures and the ends of tasks.
    expect(rowsWith(aScope().subject)).toEqual(['subjects', 'tasks', 'erasures']);
    expect(rowsWith('second')).toEqual([]);
  } finally {
    tables.close();
    await records.close();
    await rm(folder, { recursive: true });
  }
});
