import { preset } from '../../../jest.preset.mjs';

// Every file is read in a process of its own, which is slow to start on a busy machine.
export default { ...preset, displayName: 'documents', testTimeout: 60_000 };
