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
import { postgresHarness } from '../test/postgres-harness.ts';

describeProjectRecordsContract(postgresHarness());
describeMessageRecordsContract(postgresHarness());
describeTaskRecordsContract(postgresHarness());
describeRequestRecordsContract(postgresHarness());
describeInboxRecordsContract(postgresHarness());
describeMemoryRecordsContract(postgresHarness());
describeRecallRecordsContract(postgresHarness());
describeOutboxRecordsContract(postgresHarness());
describeVectorRecordsContract(postgresHarness());
describeUsageRecordsContract(postgresHarness());
describeLargeInputsContract(postgresHarness());
describeIndexSourceContract(postgresHarness());
describeExclusiveWorkContract(postgresHarness());
