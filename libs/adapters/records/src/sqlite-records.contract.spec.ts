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
import { sqliteHarness } from '../test/sqlite-harness.ts';

describeProjectRecordsContract(sqliteHarness());
describeProfileRecordsContract(sqliteHarness());
describeMessageRecordsContract(sqliteHarness());
describeTaskRecordsContract(sqliteHarness());
describeRequestRecordsContract(sqliteHarness());
describeInboxRecordsContract(sqliteHarness());
describeMemoryRecordsContract(sqliteHarness());
describeRecallRecordsContract(sqliteHarness());
describeOutboxRecordsContract(sqliteHarness());
describeVectorRecordsContract(sqliteHarness());
describeUsageRecordsContract(sqliteHarness());
describeKnowledgeRecordsContract(sqliteHarness());
describeLargeInputsContract(sqliteHarness());
describeIndexSourceContract(sqliteHarness());
describeExclusiveWorkContract(sqliteHarness());
describeGroupAppendContract(sqliteHarness());
describeFeedbackMessagesContract(sqliteHarness());
describeMemoryEditsContract(sqliteHarness());
describeSharedErasureContract(sqliteHarness());
describeDeletedTurnsContract(sqliteHarness());
