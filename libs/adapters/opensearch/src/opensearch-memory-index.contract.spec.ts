import { describeMemoryIndexContract } from '@continuo/testing';
import { openTestIndex, type TestIndex } from '../test/test-index.ts';

let opened: TestIndex;

describeMemoryIndexContract({
  name: 'OpenSearch',
  start: async () => {
    opened = openTestIndex();
    await opened.index.needsRefill();
    return opened.index;
  },
  stop: () => opened.remove(),
});
