import { nestPreset } from '../../jest.preset.mjs';

// Every command of a spec is a process of its own.
export default { ...nestPreset, displayName: 'conformance', testTimeout: 120_000 };
