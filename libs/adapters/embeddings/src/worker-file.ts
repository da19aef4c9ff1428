/**
 * Where a thread's compiled file lies. Node loads a thread itself, without the test runner's transform, so threads always start
 * from `dist`, also when the code around them runs from its sources.
 *
 * @param name path below `dist`, for example `local/embedding.worker.js`.
 */
export function workerFile(name: string): URL {
  return new URL(import.meta.url.includes('/src/') ? `../dist/${name}` : `./${name}`, import.meta.url);
}
