import { describeArchiveRecordsContract } from '@continuo/testing';
import { postgresHarness } from '../../test/postgres-harness.ts';
import { sqliteHarness } from '../../test/sqlite-harness.ts';

describeArchiveRecordsContract(sqliteHarness(), sqliteHarness());
describeArchiveRecordsContract(sqliteHarness(), postgresHarness());
describeArchiveRecordsContract(postgresHarness(), sqliteHarness());
