import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installFingerprint, projectFolders, sourceFingerprint } from './fingerprint.mjs';

describe('fingerprints', () => {
  let root;
  const write = (path, content) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'continuo-fingerprint-'));
    write('package.json', { workspaces: ['libs/*', 'e2e', 'apps/*'] });
    write('package-lock.json', {});
    write('.npmrc', '');
    write('tsconfig.base.json', {});
    write('libs/domain/package.json', { name: 'domain', dependencies: { stemmer: '1.0.0' } });
    write('libs/domain/tsconfig.build.json', {});
    write('libs/domain/src/text/fold.ts', 'export {};');
    write('libs/notes.txt', 'not a project');
    write('e2e/package.json', { name: 'e2e' });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const changed = (fingerprint, change) => {
    const before = fingerprint(root);
    expect(fingerprint(root)).toBe(before);
    change();
    return fingerprint(root) !== before;
  };

  it('finds the projects of the workspaces', () => {
    expect(projectFolders(root)).toEqual(['e2e', 'libs/domain']);
  });

  it('asks for an install when a dependency, the lock or npm settings change, or a project arrives', () => {
    const changes = [
      () => write('libs/domain/package.json', { name: 'domain', dependencies: { stemmer: '2.0.0' } }),
      () => write('package-lock.json', { lockfileVersion: 3 }),
      () => write('.npmrc', 'audit=false'),
      () => write('apps/worker/package.json', { name: 'worker' }),
    ];
    for (const change of changes) expect(changed(installFingerprint, change)).toBe(true);
  });

  it('asks for no install when a script or a source changes', () => {
    const change = () => {
      write('package.json', { workspaces: ['libs/*', 'e2e', 'apps/*'], scripts: { test: 'anew' } });
      write('libs/domain/src/text/fold.ts', 'export const folded = 1;');
    };
    expect(changed(installFingerprint, change)).toBe(false);
  });

  it('asks for a build when a source changes, arrives or goes', () => {
    expect(changed(sourceFingerprint, () => write('libs/domain/src/text/fold.ts', 'export const folded = 1;'))).toBe(true);
    expect(changed(sourceFingerprint, () => write('libs/domain/src/text/more.ts', ''))).toBe(true);
    expect(changed(sourceFingerprint, () => rmSync(join(root, 'libs/domain/src/text/more.ts')))).toBe(true);
  });

  it('asks for no build when only a spec changes', () => {
    expect(changed(sourceFingerprint, () => write('libs/domain/src/text/fold.spec.ts', ''))).toBe(false);
  });
});
