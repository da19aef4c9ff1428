import {
  describeDeletedTurnsContract,
  describeExclusiveWorkContract,
  describeFeedbackMessagesContract,
  describeGroupAppendContract,
  describeMemoryEditsContract,
  describeInboxRecordsContract,
  describeIndexSourceContract,
  describeKnowledgeRecordsContract,
  describeLargeInputsContract,
  describeMemoryRecordsContract,
  describeMessageRecordsContract,
  describeOutboxRecordsContract,
  describeProfileRecordsContract,
  describeProjectRecordsContract,
  describeRecallRecordsContract,
  describeRequestRecordsContract,
  describeSharedErasureContract,
  describeTaskRecordsContract,
  describeUsageRecordsContract,
  describeVectorRecordsContract,
} from '@continuo/testing';
import { postgresHarness } from '../test/postgres-harness.ts';

describeProjectRecordsContract(postgresHarness());
describeProfileRecordsContract(postgresHarness());
describeMessageRecordsContract(postgresHarness());
describeTaskRecordsContract(postgresHarness());
describeRequestRecordsContract(postgresHarness());
describeInboxRecordsContract(postgresHarness());
describeMemoryRecordsContract(postgresHarness());
describeRecallRecordsContract(postgresHarness());
describeOutboxRecordsContract(postgresHarness());
describeVectorRecordsContract(postgresHarness());
describeUsageRecordsContract(postgresHarness());
describeKnowledgeRecordsContract(postgresHarness());
describeLargeInputsContract(postgresHarness());
describeIndexSourceContract(postgresHarness());
describeExclusiveWorkContract(postgresHarness());
describeGroupAppendContract(postgresHarness());
describeFeedbackMessagesContract(postgresHarness());
describeMemoryEditsContract(postgresHarness());
describeSharedErasureContract(postgresHarness());
describeDeletedTurnsContract(postgresHarness());
