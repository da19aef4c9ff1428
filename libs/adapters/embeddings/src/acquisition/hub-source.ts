import { join } from 'node:path';
import { DOWNLOAD_LIMITS, downloadFile, type DownloadLimits } from './download.ts';
import { SourceFailure } from './source-failure.ts';
import { MODEL_FILE, TOKENIZER_FILE } from './weights-store.ts';

/** The public model hub; mirrors are named by `HF_ENDPOINT`. */
export const DEFAULT_HUB_ENDPOINT = 'https://huggingface.co';

/** Exports of the model on the hub, the small ones first; the last is full precision. */
const HUB_FILES = [
  { repository: 'Xenova/multilingual-e5-small', model: 'onnx/model_quantized.onnx' },
  { repository: 'intfloat/multilingual-e5-small', model: 'onnx/model_quantized.onnx' },
  { repository: 'intfloat/multilingual-e5-small', model: 'onnx/model.onnx' },
];

export interface HubOptions {
  readonly endpoint: string;
  readonly signal: AbortSignal;
  readonly limits?: DownloadLimits;
  readonly onBytes: (receivedBytes: number, totalBytes: number | null) => void;
}

/** Downloads model and tokenizer into a folder and returns where they came from. */
export async function weightsFromHub(folder: string, options: HubOptions): Promise<string> {
  const failures: string[] = [];
  for (const { repository, model } of HUB_FILES) {
    const address = (path: string): string => `${options.endpoint.replace(/\/+$/u, '')}/${repository}/resolve/main/${path}`;
    const download = { ...DOWNLOAD_LIMITS, ...options.limits, signal: options.signal };
    try {
      // The tokenizer is small: a repository that is not there shows at once.
      await downloadFile(address('tokenizer.json'), join(folder, TOKENIZER_FILE), { ...download, onBytes: () => undefined });
      await downloadFile(address(model), join(folder, MODEL_FILE), { ...download, onBytes: options.onBytes });
      return `from the hub (${repository})`;
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error;
      failures.push(error.message);
      if (error.unreachable) break;
    }
  }
  throw new SourceFailure([...new Set(failures)].join(', then '));
}
