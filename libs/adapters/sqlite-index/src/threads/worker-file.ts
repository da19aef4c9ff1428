import { fileURLToPath } from 'node:url';

/**
 * Where a thread's compiled file lies. Node loads a thread itself, without the test runner's transform, so threads always start
 * from `dist`, also when the code around them runs from its sources.
 */
export function workerFile(name: 'writer.worker.js' | 'reader.worker.js'): string {
  const url = import.meta.url.includes('/src/')
    ? new URL(`../../dist/threads/${name}`, import.meta.url)
    : new URL(`./${name}`, import.meta.url);
  return fileURLToPath(url);
}
