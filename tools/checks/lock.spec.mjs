import { lockProblems } from './lock.mjs';

describe('lockProblems', () => {
  it('finds a binary that the lock names and does not hold', () => {
    const packages = {
      'node_modules/tool': { optionalDependencies: { 'tool-linux': '1.0.0', 'tool-darwin': '1.0.0' } },
      'node_modules/tool-linux': {},
    };
    expect(lockProblems({ packages })).toEqual(['package-lock.json: node_modules/tool names tool-darwin, which has no entry']);
  });

  it('finds a binary beside its tool and anywhere above it', () => {
    const packages = {
      'libs/one/node_modules/tool': { optionalDependencies: { near: '1.0.0', far: '1.0.0' } },
      'libs/one/node_modules/tool/node_modules/near': {},
      'node_modules/far': {},
    };
    expect(lockProblems({ packages })).toEqual([]);
  });

  it('finds an entry that is tied to one registry', () => {
    const packages = { 'node_modules/tool': { resolved: 'https://example.org/tool.tgz' } };
    expect(lockProblems({ packages })).toHaveLength(1);
  });
});
