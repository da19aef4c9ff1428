import { describeRecallApiContract } from '@continuo/testing';
import { type LocalRecall, openLocalRecall } from '../test/local-recall.ts';
import { Services } from '../test/services.ts';

let local: LocalRecall;
const services = new Services();

describeRecallApiContract({
  name: 'in this process',
  start: async (disturbed) => (local = await openLocalRecall(disturbed)),
  stop: () => local.close(),
});

describeRecallApiContract({
  name: 'over gRPC',
  start: async (disturbed) => {
    local = await openLocalRecall(disturbed);
    const client = await services.recallClient(await services.recallServer(local));
    return { records: local.records, recall: client.recall };
  },
  stop: async () => {
    await services.close();
    await local.close();
  },
});
