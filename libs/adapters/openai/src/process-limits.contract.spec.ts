import { describeSharedLimitsContract } from '@continuo/testing';
import { ProcessLimits } from './process-limits.ts';

describeSharedLimitsContract({
  name: 'this process',
  open: async (minuteMs) => {
    const limits = new ProcessLimits(Date.now, minuteMs);
    return [limits, limits];
  },
  dispose: async () => undefined,
});
