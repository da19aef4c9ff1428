/** Elements that share one scale in the weights file and in the word table we write. */
export const BLOCK_ELEMENTS = 32;

/** Q4_0: a half-precision scale, then 16 bytes; a byte's low half is element j, its high half element j + 16, both shifted by 8. */
const BLOCK_BYTES = 18;
const HALF_BLOCK = BLOCK_ELEMENTS / 2;
const SHIFT = 8;

const INT8_LIMIT = 127;
/** Keeps the scale of an all-zero column from being zero. */
const SMALLEST_SCALE = 1e-9;

/** A matrix in int8, transposed to [inputs, outputs], with one scale per output. */
export interface Int8Matrix {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** Float32 values of a tensor that is stored as such; copied, because the file does not align them. */
export function readFloats(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** Float32 values of a Q4_0 tensor. */
export function dequantise(bytes: Uint8Array): Float32Array {
  const blocks = bytes.length / BLOCK_BYTES;
  const values = new Float32Array(blocks * BLOCK_ELEMENTS);
  for (let block = 0; block < blocks; block += 1) {
    const scale = scaleOf(bytes, block);
    for (let j = 0; j < HALF_BLOCK; j += 1) {
      const pair = bytes[block * BLOCK_BYTES + 2 + j] ?? 0;
      values[block * BLOCK_ELEMENTS + j] = ((pair & 15) - SHIFT) * scale;
      values[block * BLOCK_ELEMENTS + HALF_BLOCK + j] = ((pair >> 4) - SHIFT) * scale;
    }
  }
  return values;
}

/** A Q4_0 tensor as ONNX wants it, without loss: signed 4-bit values, two neighbours per byte, low half first, scales apart. */
export function repackInt4(bytes: Uint8Array): { readonly values: Uint8Array; readonly scales: Float32Array } {
  const blocks = bytes.length / BLOCK_BYTES;
  const values = new Uint8Array(blocks * HALF_BLOCK);
  const scales = new Float32Array(blocks);
  const signed = new Uint8Array(BLOCK_ELEMENTS);
  for (let block = 0; block < blocks; block += 1) {
    scales[block] = scaleOf(bytes, block);
    for (let j = 0; j < HALF_BLOCK; j += 1) {
      const pair = bytes[block * BLOCK_BYTES + 2 + j] ?? 0;
      signed[j] = ((pair & 15) - SHIFT) & 15;
      signed[j + HALF_BLOCK] = ((pair >> 4) - SHIFT) & 15;
    }
    for (let j = 0; j < HALF_BLOCK; j += 1) {
      values[block * HALF_BLOCK + j] = (signed[2 * j] ?? 0) | ((signed[2 * j + 1] ?? 0) << 4);
    }
  }
  return { values, scales };
}

/** Int8 with one scale per output, from rows of `inputs` values each. */
export function quantisePerOutput(rows: Float32Array, inputs: number): Int8Matrix {
  const outputs = rows.length / inputs;
  const values = new Int8Array(rows.length);
  const scales = new Float32Array(outputs);
  for (let output = 0; output < outputs; output += 1) {
    const row = rows.subarray(output * inputs, (output + 1) * inputs);
    let largest = SMALLEST_SCALE;
    for (const value of row) largest = Math.max(largest, Math.abs(value));
    const scale = largest / INT8_LIMIT;
    scales[output] = scale;
    for (let input = 0; input < inputs; input += 1) {
      values[input * outputs + output] = Math.round((row[input] ?? 0) / scale);
    }
  }
  return { values, scales };
}

export function concatenated(arrays: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let offset = 0;
  for (const array of arrays) {
    result.set(array, offset);
    offset += array.length;
  }
  return result;
}

function scaleOf(bytes: Uint8Array, block: number): number {
  const offset = block * BLOCK_BYTES;
  return halfToNumber((bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8));
}

/** IEEE half precision; the file holds neither infinities nor NaN. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
