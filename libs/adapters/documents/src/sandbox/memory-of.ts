import { readFile } from 'node:fs/promises';

/** Bytes of memory that a process occupies; null where the system does not tell, as outside Linux. */
export async function memoryOf(processId: number): Promise<number | null> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}
