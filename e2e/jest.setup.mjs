import { jest } from '@jest/globals';

// Servers are started and killed in these specs; a limit only ends what hangs.
jest.setTimeout(180_000);
