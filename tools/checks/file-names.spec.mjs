import { nameProblems } from './file-names.mjs';

describe('nameProblems', () => {
  it.each([
    'libs/use-cases/src/conversation/add-messages.use-case.ts',
    'libs/adapters/records/src/index.ts',
    'libs/adapters/records/src/sqlite-records.contract.spec.ts',
    'apps/standalone/tsconfig.build.json',
    'libs/domain/src/filter/knowledge-base-filter.ts',
  ])('accepts %s', (path) => {
    expect(nameProblems(path)).toEqual([]);
  });

  it.each([
    'libs/domain/src/MemoryIndex.ts',
    'libs/ports/src/records.ports.ts',
    'libs/domain/src/memory.test.ts',
    'libs/domain/src/text-utils.ts',
    'libs/platform/src/common/logs.ts',
  ])('rejects %s', (path) => {
    expect(nameProblems(path)).toHaveLength(1);
  });
});
