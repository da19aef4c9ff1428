// Reads the files it is given, one after the other, as a server would, and tells what came of each and how large it became itself.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { openDocumentReader } from '../dist/index.js';

const [memoryLimitBytes, ...files] = process.argv.slice(2);
const reader = openDocumentReader({ memoryLimitBytes: Number(memoryLimitBytes) });
const outcomes = [];
for (const file of files) {
  const given = { bytes: await readFile(file), name: basename(file), declaredType: null };
  outcomes.push(
    await reader.read(given, {}).then(
      ({ blocks }) => `read: ${blocks.length}`,
      ({ code, message }) => `${code}: ${message}`,
    ),
  );
}
await reader.close();
process.stdout.write(JSON.stringify({ outcomes, largestBytes: process.resourceUsage().maxRSS * 1024 }));
