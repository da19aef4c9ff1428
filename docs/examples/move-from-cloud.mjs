// Reads users of one openmem/v1 server and writes them to another. Usage: node move-from-cloud.mjs users.txt
import { readFileSync } from 'node:fs';

const { CLOUD_URL, CLOUD_KEY, CONTINUO_URL, CONTINUO_KEY } = process.env;
const PAGE = 50;
const MESSAGES_AT_ONCE = 40;

if (!CLOUD_URL || !CLOUD_KEY || !CONTINUO_URL || !CONTINUO_KEY || process.argv[2] === undefined) {
  console.error('Set CLOUD_URL, CLOUD_KEY, CONTINUO_URL and CONTINUO_KEY, and name a file with one user id a line.');
  process.exit(2);
}

async function ask(base, key, path, body) {
  const response = await fetch(`${base.replace(/\/+$/, '')}/${path}`, {
    method: 'POST',
    headers: { authorization: `Token ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const reply = await response.json();
  if (reply.code !== 0) throw new Error(`${path} answers ${reply.code}: ${reply.message}`);
  return reply.data;
}
const there = (path, body) => ask(CLOUD_URL, CLOUD_KEY, path, body);
const here = (path, body) => ask(CONTINUO_URL, CONTINUO_KEY, path, body);

async function memoriesOf(user) {
  const memories = [];
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const data = await there('get/memory', { user_id: user, page, size: PAGE });
    pages = data.pages ?? 1;
    const facts = (data.memory_detail_list ?? []).map((item) => ({ ...item, text: item.memory_value }));
    const preferences = (data.preference_detail_list ?? []).map((item) => ({ ...item, text: item.preference }));
    memories.push(...facts, ...preferences);
  }
  return memories;
}

async function moveUser(user) {
  const memories = await memoriesOf(user);
  const conversations = new Set(memories.map((memory) => memory.conversation_id).filter(Boolean));
  const read = new Set();
  let messages = 0;
  for (const conversation of conversations) {
    const { message_detail_list: list } = await there('get/message', {
      user_id: user,
      conversation_id: conversation,
      message_limit_number: PAGE,
    });
    if (list.length > 0) read.add(conversation);
    const said = list.map(({ role, content, create_time: time }) => ({ role, content, chat_time: time }));
    for (let from = 0; from < said.length; from += MESSAGES_AT_ONCE) {
      const part = said.slice(from, from + MESSAGES_AT_ONCE);
      await here('add/message', { user_id: user, conversation_id: conversation, messages: part });
    }
    messages += said.length;
  }
  const alone = memories.filter((memory) => !read.has(memory.conversation_id) && memory.text);
  for (const { text, create_time: time, conversation_id: conversation } of alone) {
    await here('add/message', {
      user_id: user,
      conversation_id: conversation ?? 'imported',
      messages: [{ role: 'user', content: text, chat_time: time }],
      info: { imported: 'memory' },
    });
  }
  return { messages, memories: alone.length };
}

let failed = 0;
for (const user of readFileSync(process.argv[2], 'utf8')
  .split(/\r?\n/)
  .map((line) => line.trim())
  .filter(Boolean)) {
  try {
    const { messages, memories } = await moveUser(user);
    console.log(`${user}: ${messages} messages, and ${memories} memories whose messages are gone`);
  } catch (error) {
    failed += 1;
    console.error(`${user}: not moved, ${error.message}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
