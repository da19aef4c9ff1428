/** A function that does not read the same short text twice while it is in use; texts longer than `longest` are not kept. */
export function remember<Result>(read: (text: string) => Result, size: number, longest: number): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    if (text.length > longest) return read(text);
    let result = known.get(text);
    if (result === undefined) {
      result = read(text);
      if (known.size >= size) known.clear();
      known.set(text, result);
    }
    return result;
  };
}
