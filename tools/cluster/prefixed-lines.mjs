import { once } from 'node:events';

/** Copies a stream line by line, each with the prefix before it. A half line waits for its other half or the end. */
export async function copyLines(stream, prefix, write, isLeftOut = () => false) {
  let rest = '';
  const put = (line) => (isLeftOut(line) ? undefined : write(`${prefix} | ${line}\n`));
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) await put(line);
  }
  if (rest !== '') await put(rest);
}

/** Writes lines to a stream no faster than it takes them. When its reader has gone, `onGone` is called and lines are dropped. */
export function lineWriter(stream, onGone) {
  let hasGone = false;
  stream.setMaxListeners(0);
  stream.on('error', () => {
    if (!hasGone) onGone();
    hasGone = true;
  });
  return async (line) => {
    if (hasGone || stream.write(line)) return;
    await once(stream, 'drain').catch(() => {});
  };
}
