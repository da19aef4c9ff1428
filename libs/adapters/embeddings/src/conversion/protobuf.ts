/**
 * The four field kinds of protobuf that an ONNX file needs. The published ONNX schema packages stand on a protobuf runtime many
 * years old and hold a whole message in memory several times; these lines write a 80 MB model without copying a tensor.
 */

/** A part of a message: its bytes in pieces, in order. */
export interface Encoded {
  readonly pieces: readonly Uint8Array[];
  readonly byteLength: number;
}

const WIRE_VARINT = 0;
const WIRE_LENGTH = 2;
const WIRE_32_BIT = 5;
const utf8 = new TextEncoder();

export function joined(parts: readonly Encoded[]): Encoded {
  return {
    pieces: parts.flatMap((part) => part.pieces),
    byteLength: parts.reduce((sum, part) => sum + part.byteLength, 0),
  };
}

/** An integer that is not negative. */
export function integerField(field: number, value: number): Encoded {
  return encoded(Uint8Array.from([...varint((field << 3) | WIRE_VARINT), ...varint(value)]));
}

export function floatField(field: number, value: number): Encoded {
  const bytes = new Uint8Array(5);
  bytes[0] = (field << 3) | WIRE_32_BIT;
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return encoded(bytes);
}

export function textField(field: number, text: string): Encoded {
  return bytesField(field, utf8.encode(text));
}

export function bytesField(field: number, bytes: Uint8Array): Encoded {
  return messageField(field, [encoded(bytes)]);
}

/** A nested message made of its fields. */
export function messageField(field: number, parts: readonly Encoded[]): Encoded {
  const body = joined(parts);
  const head = Uint8Array.from([...varint((field << 3) | WIRE_LENGTH), ...varint(body.byteLength)]);
  return { pieces: [head, ...body.pieces], byteLength: head.byteLength + body.byteLength };
}

function encoded(bytes: Uint8Array): Encoded {
  return { pieces: [bytes], byteLength: bytes.byteLength };
}

function varint(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`cannot encode ${value} as a varint`);
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return bytes;
}
