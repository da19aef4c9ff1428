export default { displayName: 'tools', testEnvironment: 'node', testMatch: ['**/*.spec.mjs'], transform: {} };
