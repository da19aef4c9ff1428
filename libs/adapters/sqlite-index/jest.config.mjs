import { preset } from '../../../jest.preset.mjs';

// Opening an index starts threads, which is slow on a busy machine.
export default { ...preset, displayName: 'sqlite-index', testTimeout: 30_000 };
