/** A reply of the kind small local models give when asked for `{"items": [...]}`, and what may be read from it. */
export interface AwkwardReply {
  readonly name: string;
  readonly text: string;
  /** Default `stop`. */
  readonly finish?: string;
  /** The `text` members of the items that can be read; null: nothing can, and the reply counts as unreadable. */
  readonly readable: readonly string[] | null;
}

const TEA = '{"text":"drinks green tea","kind":"preference"}';
const LYON = '{"text":"lives in Lyon","kind":"fact"}';

/** Written by hand after the habits of small local models; key `items`, every item has `text` and `kind`. */
export const AWKWARD_REPLIES: readonly AwkwardReply[] = [
  { name: 'a json fence', text: `\`\`\`json\n{"items": [${TEA}]}\n\`\`\``, readable: ['drinks green tea'] },
  { name: 'a fence without a language', text: `\`\`\`\n{"items": [${TEA}]}\n\`\`\`\n`, readable: ['drinks green tea'] },
  { name: 'a fence that never closes', text: `\`\`\`json\n{"items": [${TEA}, ${LYON}]}`, readable: ['drinks green tea', 'lives in Lyon'] },
  {
    name: 'prose around the object',
    text: `Sure! Here is what I found (2 items):\n\n{"items": [${TEA}, ${LYON}]}\n\nLet me know if you need [more] {details}.`,
    readable: ['drinks green tea', 'lives in Lyon'],
  },
  {
    name: 'an empty example before the real object',
    text: `The format is {"items": []}. My answer:\n{"items": [${LYON}]}`,
    readable: ['lives in Lyon'],
  },
  {
    name: 'the schema repeated before the object',
    text: `Schema: {"type":"object","properties":{"items":{"type":"array"}}}\n{"items": [${TEA}]}`,
    readable: ['drinks green tea'],
  },
  {
    name: 'inline reasoning',
    text: `<think>The user {likes} "items": [ tea.</think>\n{"items": [${TEA}]}`,
    readable: ['drinks green tea'],
  },
  {
    name: 'reasoning whose opening tag the template kept',
    text: `They said tea.\n</think>\n\n{"items": [${TEA}]}`,
    readable: ['drinks green tea'],
  },
  { name: 'a bare array', text: `[${TEA}, ${LYON}]`, readable: ['drinks green tea', 'lives in Lyon'] },
  { name: 'a bare array in prose', text: `Items [as asked]: [${TEA}]. Done.`, readable: ['drinks green tea'] },
  { name: 'one object per line', text: `${TEA}\n${LYON}\n`, readable: ['drinks green tea', 'lives in Lyon'] },
  { name: 'a single item without its list', text: LYON, readable: ['lives in Lyon'] },
  { name: 'the list under another object', text: `{"result": {"items": [${TEA}]}}`, readable: ['drinks green tea'] },
  { name: 'trailing commas', text: `{"items": [{"text":"lives in Lyon","kind":"fact",},],}`, readable: ['lives in Lyon'] },
  {
    name: 'the Python way',
    text: `{'items': [{'text': 'doesn\\'t eat fish', 'kind': 'preference', 'ends': None, 'sure': True}]}`,
    readable: ["doesn't eat fish"],
  },
  {
    name: 'single quotes with an apostrophe inside',
    text: `{'items': [{'text': 'it's raining', 'kind': 'fact'}]}`,
    readable: ["it's raining"],
  },
  { name: 'keys without quotes', text: `{items: [{text: "lives in Lyon", kind: "fact"}]}`, readable: ['lives in Lyon'] },
  { name: 'comments', text: `{"items": [ // places\n${LYON} /* end */ ]}`, readable: ['lives in Lyon'] },
  { name: 'line breaks inside a string', text: `{"items": [{"text":"lives\nin Lyon","kind":"fact"}]}`, readable: ['lives\nin Lyon'] },
  {
    name: 'quotes not escaped',
    text: `{"items": [{"text":"said "never again" to fish","kind":"fact"}]}`,
    readable: ['said "never again" to fish'],
  },
  { name: 'full-width quotes around Chinese', text: `{“items”: [{“text”: “住在里昂”, “kind”: “fact”}]}`, readable: ['住在里昂'] },
  { name: 'cut inside the second item', text: `{"items": [${TEA}, {"text":"lives in`, finish: 'length', readable: ['drinks green tea'] },
  {
    name: 'cut inside a nested object',
    text: `{"items": [${TEA}, {"text":"x","when":{"from":"2026"}`,
    finish: 'length',
    readable: ['drinks green tea'],
  },
  { name: 'cut after a comma', text: `{"items": [${TEA}, `, finish: 'length', readable: ['drinks green tea'] },
  { name: 'cut after the list', text: `{"items": [${TEA}], "summ`, finish: 'length', readable: ['drinks green tea'] },
  { name: 'cut before the first item ends', text: `{"items": [{"text":"drinks`, finish: 'length', readable: null },
  { name: 'an empty example, then cut', text: 'The format is {"items": []}. The user says', finish: 'length', readable: null },
  { name: 'cut before the list', text: '{"ite', finish: 'length', readable: null },
  {
    name: 'cut inside reasoning',
    text: '<think>The user says {"items": [{"text":"no","kind":"fact"}]} and',
    finish: 'length',
    readable: null,
  },
  { name: 'a refusal', text: 'I am sorry, I cannot help with that.', readable: null },
  { name: 'another object', text: '{"error": "no items"}', readable: null },
  { name: 'nothing', text: '', readable: null },
  { name: 'white space', text: '\n\n  ', readable: null },
];
