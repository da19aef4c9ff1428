/** Members that hold what somebody wrote, in any request of the API. Ids, labels and files are not among them. */
const TEXT_MEMBERS = [
  'query',
  'feedback_content',
  'content',
  'documents',
  'text',
  'messages',
  'tool_calls',
  'function',
  'arguments',
] as const;

/** Everything that was written in a body that has been read: what counts as its input. */
export function inputTexts(body: unknown): readonly string[] {
  if (typeof body === 'string') return [body];
  if (Array.isArray(body)) return body.flatMap((each: unknown) => inputTexts(each));
  if (typeof body !== 'object' || body === null) return [];
  const members = body as Readonly<Record<string, unknown>>;
  return TEXT_MEMBERS.flatMap((name) => inputTexts(members[name]));
}
