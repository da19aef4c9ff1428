import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMemoryIndexContract } from '@continuo/testing';
import { openSqliteIndex, type OpenedSqliteIndex } from './open-sqlite-index.ts';

let folder: string;
let opened: OpenedSqliteIndex;

describeMemoryIndexContract({
  name: 'SQLite',
  start: async () => {
    folder = await mkdtemp(join(tmpdir(), 'continuo-index-'));
    opened = await openSqliteIndex({ file: join(folder, 'index.db'), readers: 2 });
    return opened.index;
  },
  stop: async () => {
    await opened.close();
    await rm(folder, { recursive: true });
  },
});
