import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { anIndexedDocument } from '@continuo/testing';
import { openForWriting } from './connection.ts';
import { confirmRefill, prepareFile } from './index-file.ts';
import { IndexWriter } from './index-writer.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'continuo-index-'));
  file = join(folder, 'below', 'index.db');
});
afterEach(() => rm(folder, { recursive: true }));

function inFile<Result>(work: (database: DatabaseSync) => Result): Result {
  const database = openForWriting(file);
  const result = work(database);
  database.close();
  return result;
}

function fill(): void {
  prepareFile(file);
  inFile((database) => {
    new IndexWriter(database).upsert([anIndexedDocument()]);
    confirmRefill(database);
  });
}

const countDocuments = (): unknown => inFile((database) => database.prepare('select count(*) as count from documents').get()?.count);

describe('prepareFile', () => {
  it('keeps a file that is whole and was filled', () => {
    fill();
    expect(prepareFile(file)).toEqual({ isNew: false, reason: null });
    expect(countDocuments()).toBe(1);
  });

  it('keeps a file that was not filled to its end, and says that it is to be filled', () => {
    fill();
    inFile((database) => database.exec(`delete from meta where name = 'refilled'`));
    const { isNew, reason } = prepareFile(file);
    expect([isNew, reason?.includes('not filled to its end'), countDocuments()]).toEqual([true, true, 1]);
  });

  it.each([
    ['other tables', 'pragma user_version = 99'],
    ['another analysis', `update meta set value = 'another' where name = 'analysis'`],
  ])('starts anew when the file was written with %s', (_name, change) => {
    fill();
    inFile((database) => database.exec(change));
    const { isNew, reason } = prepareFile(file);
    expect([isNew, reason?.includes('another version'), countDocuments()]).toEqual([true, true, 0]);
    expect(existsSync(`${file}.damaged`)).toBe(false);
  });

  it('starts anew on an empty file', () => {
    fill();
    writeFileSync(file, '');
    expect([prepareFile(file).isNew, countDocuments()]).toEqual([true, 0]);
  });

  it.each(['meta', 'documents', 'words', 'vectors'])('moves a file without the table %s aside', (table) => {
    fill();
    inFile((database) => database.exec(`drop table ${table}`));
    const { isNew, reason } = prepareFile(file);
    expect([isNew, reason?.includes('moved to'), countDocuments()]).toEqual([true, true, 0]);
    expect(existsSync(`${file}.damaged`)).toBe(true);
  });

  it('replaces what was set aside before', () => {
    for (let times = 0; times < 2; times += 1) {
      fill();
      writeFileSync(file, 'no database at all '.repeat(1_000));
      expect(prepareFile(file).isNew).toBe(true);
    }
  });
});
