import { RULES_EXTRACTOR } from '../extraction/candidates.ts';
import type { Candidate } from '../memory.ts';
import { saidAt, type Message } from '../message.ts';
import { detectLanguage } from '../text/language.ts';
import { memberOf, parsed } from './tool-messages.ts';
import { wordsOfTool } from './tool-words.ts';

const MARK = /<(?<end>\/)?tool_schema>/giu;
const MOST_TOOLS = 100;
const LONGEST_NAME = 120;
/** A description of a tool beyond this is kept without its parameters: it would not be recalled for what is deep in it. */
const LONGEST_SCHEMA = 20_000;
/** A longer block is not read: so many tools at once are no description that anybody wrote for a model. */
const LONGEST_BLOCK = 100_000;
const FENCE = '```';

interface Described {
  readonly name: string;
  readonly description: string;
  readonly schema: object;
}

/** What each tool is, from the `<tool_schema>` blocks of system messages; a tool described again fills the same slot. */
export function toolSchemasIn(messages: readonly Message[]): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const message of messages) {
    if (message.role !== 'system') continue;
    const tools = blocksOf(message.content).flatMap(described);
    for (const tool of tools.slice(0, MOST_TOOLS)) found.set(tool.name, candidateOf(tool, message));
  }
  return [...found.values()];
}

/** What stands between each mark and the end mark right after it. */
function blocksOf(content: string): readonly string[] {
  const marks = [...content.matchAll(MARK)];
  return marks.flatMap((mark, index) => {
    const next = marks[index + 1];
    const opens = mark.groups?.['end'] === undefined && next?.groups?.['end'] !== undefined;
    return opens ? [content.slice(mark.index + mark[0].length, next.index)] : [];
  });
}

/** One tool, a list of them, `{"tools": […]}`, or one tool a line. */
function described(json: string): readonly Described[] {
  if (json.length > LONGEST_BLOCK) return [];
  const text = withoutFence(json.trim());
  const value = parsed(text) ?? text.split('\n').flatMap((line) => (line.trimStart().startsWith('{') ? (parsed(line.trim()) ?? []) : []));
  const list = memberOf(value, 'tools') ?? value;
  return (Array.isArray(list) ? list : [list]).flatMap(readTool);
}

function withoutFence(text: string): string {
  const start = !text.startsWith(FENCE)
    ? 0
    : text.slice(FENCE.length, FENCE.length + 4).toLowerCase() === 'json'
      ? FENCE.length + 4
      : FENCE.length;
  const end = text.endsWith(FENCE) ? text.length - FENCE.length : text.length;
  return text.slice(start, end);
}

function readTool(schema: unknown): readonly Described[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = memberOf(schema, 'function') ?? schema;
  const name = memberOf(inner, 'name');
  const description = memberOf(inner, 'description');
  if (typeof name !== 'string' || name.trim() === '') return [];
  return [{ name: name.trim().slice(0, LONGEST_NAME), description: typeof description === 'string' ? description : '', schema }];
}

function candidateOf({ name, description, schema }: Described, message: Message): Candidate {
  const whole = JSON.stringify(schema);
  return {
    kind: 'tool',
    preferenceType: null,
    reasoning: '',
    title: name,
    text: whole.length <= LONGEST_SCHEMA ? whole : JSON.stringify({ name, description: description.slice(0, LONGEST_SCHEMA / 4) }),
    language: detectLanguage(description === '' ? name : description),
    topicKey: `tool.schema.${name}`,
    topicValue: null,
    negated: false,
    about: null,
    origin: 'tool',
    entities: [name],
    keyPhrases: wordsOfTool(name),
    eventTime: null,
    confidence: 1,
    details: { tool: { type: 'schema', used: [], experience: '' } },
    sourceMessageIds: [message.id],
    quotes: [],
    statedAt: saidAt(message),
    extractor: RULES_EXTRACTOR,
  };
}
