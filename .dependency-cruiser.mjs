// Who may know whom (docs/architecture.md). Every rule here has a fixture in tools/boundaries that breaks it on purpose.

const SPEC = '\\.(spec|e2e-spec)\\.ts$|^(apps|libs|e2e)/.*/test/';
const INNER = ['contracts', 'domain', 'ports', 'use-cases'];

/** The named room of libs/ may know only the listed rooms, and itself. */
const knowsOnly = (room, allowed, comment) => ({
  name: `${room}-rooms`,
  comment,
  severity: 'error',
  from: { path: `^libs/${room}/`, pathNot: SPEC },
  to: { path: '^libs/', pathNot: `^libs/(${[room, ...allowed].join('|')})/` },
});

/** The named inner room may use only the listed npm packages: no framework, driver or SDK gets in. */
const usesOnly = (room, packages) => ({
  name: `${room}-packages`,
  comment: `${room} may use ${packages.join(', ') || 'no npm package'}.`,
  severity: 'error',
  from: { path: `^libs/${room}/`, pathNot: SPEC },
  to: { path: '(^|/)node_modules/', ...(packages.length > 0 ? { pathNot: `(^|/)node_modules/(${packages.join('|')})/` } : {}) },
});

/** The named inner room may use only the listed modules of Node. */
const builtInsOf = (room, modules) => ({
  name: `${room}-built-ins`,
  comment: `${room} may use ${modules.join(', ') || 'nothing'} of Node itself.`,
  severity: 'error',
  from: { path: `^libs/${room}/`, pathNot: SPEC },
  to: { dependencyTypes: ['core'], ...(modules.length > 0 ? { pathNot: `^(node:)?(${modules.join('|')})$` } : {}) },
});

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'undeclared',
      comment: 'What a file imports stands in the package.json of its project.',
      severity: 'error',
      from: { pathNot: `${SPEC}|/jest\\.[a-z]+\\.mjs$` },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-package',
      comment: 'A production install leaves development packages out.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `${SPEC}|^libs/testing/` },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'libs-not-to-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^(apps|e2e|tools)/' } },
    { name: 'no-app-to-app', severity: 'error', from: { path: '^apps/([^/]+)/' }, to: { path: '^apps/(?!$1/)' } },
    {
      name: 'no-deep-import',
      comment: 'Another project is entered through its src/index.ts.',
      severity: 'error',
      from: { path: '^((?:apps|libs/adapters|libs(?!/adapters/))/[^/]+|e2e)/' },
      to: { path: '^libs/', pathNot: '^$1/|^libs/(adapters/)?[^/]+/src/index\\.ts$' },
    },
    knowsOnly('contracts', [], 'The contracts know nobody.'),
    knowsOnly('domain', ['contracts'], 'The domain knows the contracts.'),
    knowsOnly('ports', ['contracts', 'domain'], 'Ports speak of the domain.'),
    knowsOnly('use-cases', ['contracts', 'domain', 'ports'], 'Use cases meet the world at the ports, never an adapter.'),
    knowsOnly('entrypoints', ['contracts', 'domain', 'ports', 'use-cases', 'platform'], 'Entrypoints call use cases, never adapters.'),
    knowsOnly('platform', ['contracts'], 'Platform serves the outer rooms and knows none of them.'),
    knowsOnly('testing', ['contracts', 'domain', 'ports'], 'The suites hold for every adapter, so they know none.'),
    knowsOnly('adapters', ['contracts', 'domain', 'ports', 'platform'], 'Adapters keep the promises of ports and never meet a use case.'),
    {
      name: 'no-adapter-to-adapter',
      severity: 'error',
      from: { path: '^libs/adapters/([^/]+)/', pathNot: SPEC },
      to: { path: '^libs/adapters/(?!$1/)' },
    },
    {
      name: 'adapters-only-where-built',
      comment: 'Only the parts of an app that choose and build adapters see them; what serves requests gets ports.',
      severity: 'error',
      from: { path: '^apps/', pathNot: `${SPEC}|^apps/[^/]+/src/(infrastructure|background-work|embedder|models|commands)(\\.ts$|/)` },
      to: { path: '^libs/adapters/' },
    },
    {
      name: 'testing-only-in-specs',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `${SPEC}|^libs/testing/` },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'e2e-speaks-http',
      comment:
        'Specs, benches and trials see the servers from outside only; a bench may fill a folder before a server opens it, and the trial of filters asks the stores.',
      severity: 'error',
      from: { path: '^e2e/', pathNot: '^e2e/src/(bench/fill-|trials/filters\\.ts$)' },
      to: { path: '^(apps|libs)/', pathNot: '^libs/(contracts|testing)/' },
    },
    {
      name: 'use-case-rooms-apart',
      comment: 'Use cases of different rooms share the domain, or hand over through a port or a job.',
      severity: 'error',
      from: { path: '^libs/use-cases/src/([^/]+)/' },
      to: { path: '^libs/use-cases/src/[^/]+/', pathNot: '^libs/use-cases/src/$1/' },
    },
    usesOnly('contracts', ['zod']),
    usesOnly('domain', ['chrono-node', 'opencc-js', 'stemmer']),
    usesOnly('ports', []),
    usesOnly('use-cases', []),
    ...INNER.map((room) => builtInsOf(room, room === 'domain' || room === 'use-cases' ? ['crypto'] : [])),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@continuo/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
