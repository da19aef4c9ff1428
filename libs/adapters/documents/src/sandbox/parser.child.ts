/*
 * Reads one file and ends. It runs with an empty environment and may neither write files nor start anything; the process that
 * started it ends it when it takes too long or grows too large.
 */
import type { DocumentBlock } from '@continuo/domain';
import type { GivenFile } from '@continuo/ports';
import { parseDocument } from '../parsing/parse-document.ts';
import { invalid, Refusal } from '../parsing/refusal.ts';
import { parseSkill } from '../skills/parse-skill.ts';
import type { ParserJob, ParserMessage } from './protocol.ts';

/** How much text goes into one message: the receiver never holds a document twice. */
const BATCH_CHARACTERS = 1024 * 1024;

process.on('disconnect', () => process.exit());
process.once('message', (job: ParserJob) => void answer(job));
void say({ type: 'ready' });

function say(message: ParserMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) reject(new Error('This file runs as a child process.'));
    else process.send(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}

async function answer(job: ParserJob): Promise<void> {
  try {
    const file: GivenFile = {
      bytes: await readInput(job.byteCount),
      name: job.name,
      declaredType: job.kind === 'document' ? job.declaredType : null,
    };
    if (job.kind === 'skill') await say({ type: 'value', value: await parseSkill(file) });
    else {
      const { blocks, ...value } = await parseDocument(file, job.limits);
      for (const batch of batchesOf(blocks)) await say({ type: 'blocks', blocks: batch });
      await say({ type: 'value', value });
    }
  } catch (error) {
    const { code, message } =
      error instanceof Refusal ? error : invalid('The file cannot be read: it is damaged, or unlike any that programs write.');
    await say({ type: 'refusal', code, message });
  }
}

async function readInput(byteCount: number): Promise<Buffer> {
  const bytes = Buffer.alloc(byteCount);
  let length = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) length += piece.copy(bytes, length);
  if (length < byteCount) throw invalid('The file did not come whole.');
  return bytes;
}

function* batchesOf(blocks: readonly DocumentBlock[]): Generator<readonly DocumentBlock[]> {
  let batch: DocumentBlock[] = [];
  let characters = 0;
  for (const block of blocks) {
    batch.push(block);
    // A block costs something even when it is short.
    characters += block.text.length + 100;
    if (characters < BATCH_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}
