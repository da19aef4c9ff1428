import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceFailure } from './source-failure.ts';
import { TOKENIZER_FILE, type StoredWeights } from './weights-store.ts';

/** Where exports of the model keep it, quantised first. */
const MODEL_FILES = ['model_int8.onnx', 'onnx/model_quantized.onnx', 'onnx/model.onnx'];

/** Uses a folder as it is: nothing is copied or written. */
export async function weightsFromFolder(folder: string): Promise<StoredWeights> {
  const tokenizerFile = join(folder, TOKENIZER_FILE);
  if (!(await exists(tokenizerFile))) throw new SourceFailure(`${folder} has no ${TOKENIZER_FILE}`);
  for (const name of MODEL_FILES) {
    const modelFile = join(folder, name);
    if (await exists(modelFile)) return { modelFile, tokenizerFile, origin: `from the folder ${folder}` };
  }
  throw new SourceFailure(`${folder} has none of ${MODEL_FILES.join(', ')}`);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
