import { preset } from '../../../jest.preset.mjs';

// A real store on a busy machine.
export default { ...preset, displayName: 'opensearch', testTimeout: 60_000 };
