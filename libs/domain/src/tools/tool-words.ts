/** `getCurrent_weather` → "get current weather", by which people look for it. */
export function wordsOfTool(name: string): readonly string[] {
  const words = name
    .replace(/(?<=[\p{Ll}\d])(?=\p{Lu})|[_\-./:]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
  return words === '' || words === name ? [] : [words];
}
