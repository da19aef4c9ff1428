import { requireUsablePlatform } from './environment.mjs';

const machine = (platform, arch, node) => ({ platform, arch, versions: { node } });

describe('requireUsablePlatform', () => {
  it('accepts Node 20 on the two platforms that bring their own Node', () => {
    expect(() => requireUsablePlatform(machine('linux', 'x64', '20.0.0'))).not.toThrow();
    expect(() => requireUsablePlatform(machine('linux', 'arm64', '22.3.0'))).not.toThrow();
  });

  it('accepts Node 24.9 anywhere', () => {
    expect(() => requireUsablePlatform(machine('darwin', 'arm64', '24.9.0'))).not.toThrow();
    expect(() => requireUsablePlatform(machine('win32', 'x64', '26.0.0'))).not.toThrow();
  });

  it('says in one sentence that Node is too old', () => {
    expect(() => requireUsablePlatform(machine('linux', 'x64', '18.20.4'))).toThrow(
      'Continuo needs Node 20 or newer to start; this is Node 18.20.4.',
    );
  });

  it('says in one sentence that the platform has to bring Node 24.9', () => {
    expect(() => requireUsablePlatform(machine('darwin', 'arm64', '24.8.0'))).toThrow(
      /^On darwin arm64 Continuo needs Node 24\.9 or newer \(.*\); this is Node 24\.8\.0\.$/,
    );
  });
});
