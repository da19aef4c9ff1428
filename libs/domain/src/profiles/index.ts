export * from './profile-tree.ts';
export * from './profile-candidates.ts';
