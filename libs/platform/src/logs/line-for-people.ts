const MARKS: Readonly<Record<string, string>> = { debug: '·', info: '•', warn: '▲', error: '✖' };

/** One JSON event as one line for a terminal: time of day, level, event, fields. What is no JSON stays as it is. */
export function lineForPeople(line: string): string {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const { level, time, event, ...fields } = parsed;
  const clock = typeof time === 'string' ? time.slice(11, 19) : '';
  const words = String(event).replaceAll('_', ' ');
  const details = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${[clock, MARKS[String(level)] ?? String(level), words, ...details].join(' ')}\n`;
}
