/** Float32, little endian, whatever the machine: files are carried between machines. */
export function blobOf(vector: Float32Array): Uint8Array {
  const blob = new Uint8Array(vector.length * 4);
  const view = new DataView(blob.buffer);
  vector.forEach((value, index) => view.setFloat32(index * 4, value, true));
  return blob;
}

export function vectorOf(blob: Uint8Array): Float32Array {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  return Float32Array.from({ length: blob.byteLength / 4 }, (_, index) => view.getFloat32(index * 4, true));
}
