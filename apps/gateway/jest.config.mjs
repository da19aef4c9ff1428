import { nestPreset } from '../../jest.preset.mjs';

export default { ...nestPreset, displayName: 'gateway' };
