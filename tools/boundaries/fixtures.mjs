/**
 * One small tree per rule, each breaking that rule and no other. Keys are paths; a tree is laid over the sound one that
 * check.mjs makes: every room with an index.ts, its manifest, and the links in node_modules.
 */
const importing = (specifier) => `import '${specifier}';\n`;

export const fixtures = {
  'no-circular': {
    'libs/domain/src/one.ts': importing('./two.ts'),
    'libs/domain/src/two.ts': importing('./one.ts'),
  },
  unresolvable: { 'libs/domain/src/memory.ts': importing('./nowhere.ts') },
  undeclared: { 'libs/platform/src/logs.ts': importing('left-over') },
  'undeclared-project': { 'libs/platform/src/configuration.ts': importing('@continuo/contracts') },
  'no-development-package': { 'libs/platform/src/logs.ts': importing('only-for-development') },
  'libs-not-to-apps': { 'libs/entrypoints/src/http.ts': importing('../../../e2e/src/index.ts') },
  'no-app-to-app': { 'apps/standalone/src/main.ts': importing('../../worker/src/main.ts') },
  'no-deep-import': {
    'libs/use-cases/src/recall/search.ts': importing('../../../domain/src/memory.ts'),
    'libs/domain/src/memory.ts': 'export const memory = 1;\n',
  },
  'contracts-rooms': { 'libs/contracts/src/chat.contract.ts': importing('../../domain/src/index.ts') },
  'domain-rooms': { 'libs/domain/src/memory.ts': importing('../../ports/src/index.ts') },
  'ports-rooms': { 'libs/ports/src/records.port.ts': importing('../../platform/src/index.ts') },
  'use-cases-rooms': { 'libs/use-cases/src/recall/search.ts': importing('../../../adapters/records/src/index.ts') },
  'entrypoints-rooms': { 'libs/entrypoints/src/http.ts': importing('../../adapters/records/src/index.ts') },
  'platform-rooms': { 'libs/platform/src/logs.ts': importing('../../domain/src/index.ts') },
  'testing-rooms': { 'libs/testing/src/records.contract.ts': importing('../../adapters/records/src/index.ts') },
  'adapters-rooms': { 'libs/adapters/records/src/rows.ts': importing('../../../use-cases/src/index.ts') },
  'no-adapter-to-adapter': { 'libs/adapters/records/src/rows.ts': importing('../../openai/src/index.ts') },
  'adapters-only-where-built': { 'apps/standalone/src/main.ts': importing('../../../libs/adapters/records/src/index.ts') },
  'testing-only-in-specs': { 'apps/standalone/src/main.ts': importing('../../../libs/testing/src/index.ts') },
  'e2e-speaks-http': { 'e2e/src/server.ts': importing('../../libs/platform/src/index.ts') },
  'use-case-rooms-apart': {
    'libs/use-cases/src/recall/search.ts': importing('../conversation/chat.ts'),
    'libs/use-cases/src/conversation/chat.ts': 'export const chat = 1;\n',
  },
  'contracts-packages': { 'libs/contracts/src/chat.contract.ts': importing('framework') },
  'domain-packages': { 'libs/domain/src/memory.ts': importing('framework') },
  'ports-packages': { 'libs/ports/src/records.port.ts': importing('framework') },
  'use-cases-packages': { 'libs/use-cases/src/recall/search.ts': importing('framework') },
  'contracts-built-ins': { 'libs/contracts/src/chat.contract.ts': importing('node:fs') },
  'domain-built-ins': { 'libs/domain/src/memory.ts': importing('node:fs') },
  'ports-built-ins': { 'libs/ports/src/records.port.ts': importing('node:crypto') },
  'use-cases-built-ins': { 'libs/use-cases/src/recall/search.ts': importing('node:timers/promises') },
};

/** What the rules must let through: a tree that breaks none of them. */
export const soundTree = {
  'libs/domain/src/memory.ts': `${importing('@continuo/contracts')}${importing('node:crypto')}${importing('stemmer')}`,
  'libs/use-cases/src/recall/search.ts': `${importing('@continuo/ports')}${importing('./rank.ts')}${importing('../limits.ts')}`,
  'libs/use-cases/src/recall/rank.ts': 'export const rank = 1;\n',
  'libs/use-cases/src/limits.ts': 'export const limits = 1;\n',
  'libs/use-cases/src/recall/search.spec.ts': importing('@continuo/testing'),
  'libs/adapters/records/src/rows.ts': `${importing('@continuo/ports')}${importing('framework')}${importing('node:sqlite')}`,
  'apps/standalone/src/infrastructure.ts': `${importing('@continuo/records')}${importing('@continuo/use-cases')}`,
  'e2e/src/quick-start.e2e-spec.ts': importing('@continuo/testing'),
};
