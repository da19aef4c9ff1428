export * from './models.port.ts';
export * from './records.port.ts';
export * from './index.port.ts';
export * from './index-builds.port.ts';
export * from './jobs.port.ts';
export * from './limits.port.ts';
export * from './recall.port.ts';
export * from './archive.port.ts';
