import {
  describeExclusiveWorkContract,
  describeInboxRecordsContract,
  describeIndexSourceContract,
  describeLargeInputsContract,
  describeMemoryRecordsContract,
  describeMessageRecordsContract,
  describeOutboxRecordsContract,
  describeProjectRecordsContract,
  describeRecallRecordsContract,
  describeRequestRecordsContract,
  describeTaskRecordsContract,
  describeUsageRecordsContract,
  describeVectorRecordsContract,
} from '@continuo/testing';
import { sqliteHarness } from '../test/sqlite-harness.ts';

describeProjectRecordsContract(sqliteHarness());
describeMessageRecordsContract(sqliteHarness());
describeTaskRecordsContract(sqliteHarness());
describeRequestRecordsContract(sqliteHarness());
describeInboxRecordsContract(sqliteHarness());
describeMemoryRecordsContract(sqliteHarness());
describeRecallRecordsContract(sqliteHarness());
describeOutboxRecordsContract(sqliteHarness());
describeVectorRecordsContract(sqliteHarness());
describeUsageRecordsContract(sqliteHarness());
describeLargeInputsContract(sqliteHarness());
describeIndexSourceContract(sqliteHarness());
describeExclusiveWorkContract(sqliteHarness());
