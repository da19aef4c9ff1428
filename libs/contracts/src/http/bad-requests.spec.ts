import type { z } from 'zod';
import type { ErrorCode } from '../app-error.ts';
import { AddFeedbackRequest } from './add-feedback.contract.ts';
import { AddMessageRequest } from './add-message.contract.ts';
import { ChatRequest } from './chat.contract.ts';
import { DeleteMemoryRequest } from './delete-memory.contract.ts';
import { GetMemoryRequest } from './get-memory.contract.ts';
import { GetMessageRequest } from './get-message.contract.ts';
import { GetStatusRequest } from './get-status.contract.ts';
import { CreateKnowledgeBaseRequest } from './knowledge.contract.ts';
import { AddProfileTemplateRequest, EditProfileRequest } from './profile.contract.ts';
import { readRequest } from './request-error.ts';
import { SearchMemoryRequest } from './search-memory.contract.ts';
import { UpdateMemoryRequest } from './update-memory.contract.ts';

type Row = readonly [what: string, body: unknown, code: ErrorCode, named: string];

const long = 'x'.repeat(101);
const said = { role: 'user', content: 'hello' };
const add = (change: object): object => ({ user_id: 'ana', conversation_id: 'c', messages: [said], ...change });
const message = (change: object): object => add({ messages: [{ ...said, ...change }] });
const filesOf = (count: number): object => ({
  role: 'user',
  content: [
    { type: 'text', text: 'Here they are.' },
    ...Array.from({ length: count }, () => ({ type: 'file', file: { file_data: 'eA==' } })),
  ],
});
const search = (change: object): object => ({ user_id: 'ana', query: 'tea', ...change });
const chat = (change: object): object => ({ user_id: 'ana', conversation_id: 'c', query: 'tea?', ...change });

const ADD: readonly Row[] = [
  ['no body', undefined, 'invalid_request', 'The body'],
  ['a null body', null, 'invalid_request', 'The body'],
  ['a list for a body', [], 'invalid_request', 'The body'],
  ['a string for a body', 'hello', 'invalid_request', 'The body'],
  ['no user', { messages: [said] }, 'required_field_missing', 'user_id'],
  ['a null user', add({ user_id: null }), 'required_field_missing', 'user_id'],
  ['an empty user', add({ user_id: '' }), 'required_field_missing', 'user_id'],
  ['a blank user', add({ user_id: '  ' }), 'required_field_missing', 'user_id'],
  ['a number for a user', add({ user_id: 7 }), 'invalid_request', 'user_id'],
  ['21 users', add({ user_id: Array.from({ length: 21 }, (_, place) => `u${place}`) }), 'invalid_request', 'user_id'],
  ['no user in a list', add({ user_id: [] }), 'empty_collection', 'user_id'],
  ['a blank user in a list', add({ user_id: ['ana', ' '] }), 'required_field_missing', 'user_id[1]'],
  ['a user of 101 characters in a list', add({ user_id: ['ana', long] }), 'user_id_too_long', 'user_id[1]'],
  ['neither a user nor an agent', add({ user_id: null, agent_id: '' }), 'required_field_missing', 'user_id'],
  ['21 agents', add({ agent_id: Array.from({ length: 21 }, (_, place) => `a${place}`) }), 'invalid_request', 'agent_id'],
  ['a result of a tool alone', add({ messages: [{ role: 'tool', content: '12' }] }), 'invalid_request', 'messages'],
  ['a number for a speaker', message({ role_id: 7 }), 'invalid_request', 'messages[0].role_id'],
  ['no view at all', add({ allow_memory_view: [] }), 'empty_collection', 'allow_memory_view'],
  ['an unknown view', add({ allow_memory_view: ['facts'] }), 'invalid_request', 'allow_memory_view[0]'],
  ['instructions for an unknown view', add({ custom_extract_prompt: { facts: 'all' } }), 'invalid_request', 'custom_extract_prompt'],
  ['instructions that are no text', add({ custom_extract_prompt: { image: 5 } }), 'invalid_request', 'custom_extract_prompt.image'],
  ['a user of 101 characters', add({ user_id: long }), 'user_id_too_long', 'user_id'],
  ['a conversation of 101 characters', add({ conversation_id: long }), 'conversation_id_too_long', 'conversation_id'],
  ['a number for a conversation', add({ conversation_id: 5 }), 'invalid_request', 'conversation_id'],
  ['no messages', { user_id: 'ana' }, 'required_field_missing', 'messages'],
  ['null messages', add({ messages: null }), 'required_field_missing', 'messages'],
  ['an empty list of messages', add({ messages: [] }), 'empty_collection', 'messages'],
  ['a string for messages', add({ messages: 'hello' }), 'invalid_request', 'messages'],
  ['an object for messages', add({ messages: said }), 'invalid_request', 'messages'],
  ['a string for a message', add({ messages: [said, 'hello'] }), 'invalid_request', 'messages[1]'],
  ['a null message', add({ messages: [null] }), 'required_field_missing', 'messages[0]'],
  ['no role', add({ messages: [{ content: 'hello' }] }), 'required_field_missing', 'messages[0].role'],
  ['an unknown role', message({ role: 'function' }), 'invalid_request', 'messages[0].role'],
  ['a number for a role', message({ role: 1 }), 'invalid_request', 'messages[0].role'],
  ['no content', add({ messages: [{ role: 'user' }] }), 'required_field_missing', 'messages[0].content'],
  ['an empty content', message({ content: '' }), 'required_field_missing', 'messages[0].content'],
  ['a number for a content', message({ content: 5 }), 'invalid_request', 'messages[0].content'],
  ['an object for a content', message({ content: {} }), 'invalid_request', 'messages[0].content'],
  ['no parts', message({ content: [] }), 'empty_collection', 'messages[0].content'],
  ['21 files in three messages', add({ messages: [filesOf(10), filesOf(10), filesOf(1)] }), 'too_many_files', 'messages'],
  ['blank parts', message({ content: [{ type: 'text', text: ' ' }] }), 'required_field_missing', 'messages[0].content'],
  ['an unknown part', message({ content: [{ type: 'video' }] }), 'invalid_request', 'messages[0].content[0]'],
  ['a text part without text', message({ content: [{ type: 'text' }] }), 'required_field_missing', 'messages[0].content[0].text'],
  [
    'an image part without image',
    message({ content: [{ type: 'image_url' }] }),
    'required_field_missing',
    'messages[0].content[0].image_url',
  ],
  [
    'an image at a path',
    message({ content: [{ type: 'image_url', image_url: { url: 'cat.png' } }] }),
    'invalid_request',
    'messages[0].content[0].image_url.url',
  ],
  [
    'a file part without data',
    message({ content: [{ type: 'file', file: {} }] }),
    'required_field_missing',
    'messages[0].content[0].file.file_data',
  ],
  ...['!!!not base64!!!', 'plain words', 'eA=='.repeat(2), 'abcde', 'data:text/plain;base64,'].map((file_data): Row => [
    `a file that is neither base64 nor an address: ${file_data}`,
    message({ content: [{ type: 'file', file: { file_data } }] }),
    'base64_content_invalid',
    'messages[0].content[0].file.file_data',
  ]),
  ['an object for a time', message({ chat_time: {} }), 'invalid_request', 'messages[0].chat_time'],
  ['tool calls that are no list', message({ role: 'assistant', tool_calls: 'x' }), 'invalid_request', 'messages[0].tool_calls'],
  [
    'a tool call without function',
    message({ role: 'assistant', tool_calls: [{ id: 'a', type: 'function' }] }),
    'required_field_missing',
    'messages[0].tool_calls[0].function',
  ],
  [
    'tool arguments that are no text',
    message({ role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: {} } }] }),
    'invalid_request',
    'messages[0].tool_calls[0].function.arguments',
  ],
  [
    'tool calls of a user',
    message({ tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] }),
    'invalid_request',
    'messages[0].tool_calls',
  ],
  ['a string for tags', add({ tags: 'travel' }), 'invalid_request', 'tags'],
  ['a number among tags', add({ tags: ['a', 1] }), 'invalid_request', 'tags[1]'],
  ['a list for info', add({ info: [] }), 'invalid_request', 'info'],
  ['a string for info', add({ info: 'x' }), 'invalid_request', 'info'],
  ['giant info', add({ info: { a: 'x'.repeat(70_000) } }), 'invalid_request', 'info'],
  ['a word for async_mode', add({ async_mode: 'perhaps' }), 'invalid_request', 'async_mode'],
  ['a number for async_mode', add({ async_mode: 1 }), 'invalid_request', 'async_mode'],
  ['an unknown view', add({ allow_memory_view: ['dreams'] }), 'invalid_request', 'allow_memory_view[0]'],
];

const SEARCH: readonly Row[] = [
  ['no query', { user_id: 'ana' }, 'required_field_missing', 'query'],
  ['an empty query', search({ query: '' }), 'required_field_missing', 'query'],
  ['a blank query', search({ query: '\n ' }), 'required_field_missing', 'query'],
  ['a list for a query', search({ query: ['tea'] }), 'invalid_request', 'query'],
  ['a limit of 0', search({ memory_limit_number: 0 }), 'invalid_request', 'memory_limit_number'],
  ['a negative limit', search({ memory_limit_number: -3 }), 'invalid_request', 'memory_limit_number'],
  ['half a limit', search({ memory_limit_number: 1.5 }), 'invalid_request', 'memory_limit_number'],
  ['a word for a limit', search({ memory_limit_number: 'many' }), 'invalid_request', 'memory_limit_number'],
  ['an empty limit', search({ memory_limit_number: '' }), 'invalid_request', 'memory_limit_number'],
  ['a limit of preferences of 0', search({ preference_limit_number: '0' }), 'invalid_request', 'preference_limit_number'],
  ['a relativity above 1', search({ relativity: 1.01 }), 'relativity_out_of_range', 'relativity'],
  ['a relativity below 0', search({ relativity: '-0.1' }), 'relativity_out_of_range', 'relativity'],
  ['a word for relativity', search({ relativity: 'high' }), 'invalid_request', 'relativity'],
  ['an unknown view', search({ include_memory_view: ['detail_factual', 'dreams'] }), 'invalid_request', 'include_memory_view[1]'],
  ['no views', search({ include_memory_view: [] }), 'empty_collection', 'include_memory_view'],
  ['a string for a filter', search({ filter: 'x' }), 'invalid_request', 'filter'],
  ['a list for a filter', search({ filter: [] }), 'invalid_request', 'filter'],
  ['an object for knowledge bases', search({ knowledgebase_ids: {} }), 'invalid_request', 'knowledgebase_ids'],
];

const CHAT: readonly Row[] = [
  ['no user', { query: 'tea?' }, 'required_field_missing', 'user_id'],
  ['no query', { user_id: 'ana' }, 'required_field_missing', 'query'],
  ['a temperature above 2', chat({ temperature: 2.1 }), 'invalid_request', 'temperature'],
  ['a temperature below 0', chat({ temperature: -1 }), 'invalid_request', 'temperature'],
  ['a word for a temperature', chat({ temperature: 'hot' }), 'invalid_request', 'temperature'],
  ['top_p above 1', chat({ top_p: 1.1 }), 'invalid_request', 'top_p'],
  ['max_tokens of 0', chat({ max_tokens: 0 }), 'invalid_request', 'max_tokens'],
  ['half a max_tokens', chat({ max_tokens: '1.5' }), 'invalid_request', 'max_tokens'],
  ['a word for stream', chat({ stream: 'please' }), 'invalid_request', 'stream'],
  ['a number for a model', chat({ model_name: 3 }), 'invalid_request', 'model_name'],
  ['a list for a prompt', chat({ system_prompt: [] }), 'invalid_request', 'system_prompt'],
  ['a relativity of 2', chat({ relativity: 2 }), 'relativity_out_of_range', 'relativity'],
  ['a user of 101 characters', chat({ user_id: long }), 'user_id_too_long', 'user_id'],
];

const city = { City: { value: '' } };
const template = (change: object): object => ({ name: 'People', metadata: city, ...change });
const editing = (change: object): object => ({ user_id: 'ana', profile_template_id: 'tpl_1', ...change });
const crowded = Object.fromEntries(Array.from({ length: 501 }, (_, place) => [`f${place}`, { value: '' }]));
const empty = Object.fromEntries(Array.from({ length: 501 }, (_, place) => [`c${place}`, {}]));

const LENGTHS: readonly (readonly [z.ZodType, ...Row])[] = [
  [AddProfileTemplateRequest, 'a template name of 257', template({ name: 'x'.repeat(257) }), 'invalid_request', 'name'],
  [
    AddProfileTemplateRequest,
    'a field name of 257',
    template({ metadata: { ['x'.repeat(257)]: { value: '' } } }),
    'invalid_request',
    'metadata',
  ],
  [
    AddProfileTemplateRequest,
    'a value of 4,097',
    template({ metadata: { City: { value: 'x'.repeat(4_097) } } }),
    'invalid_request',
    'metadata.City.value',
  ],
  [AddProfileTemplateRequest, '501 fields', template({ metadata: crowded }), 'invalid_request', 'metadata'],
  [AddProfileTemplateRequest, '501 empty categories', template({ metadata: empty }), 'invalid_request', 'metadata'],
  [EditProfileRequest, 'a path of 1,001', editing({ remove_fields: ['City', 'x'.repeat(1_001)] }), 'invalid_request', 'remove_fields[1]'],
  [
    EditProfileRequest,
    '501 paths',
    editing({ remove_fields: Array.from({ length: 501 }, () => 'City') }),
    'invalid_request',
    'remove_fields',
  ],
  [
    AddFeedbackRequest,
    'feedback of 100,001',
    { user_id: 'ana', feedback_content: `x${' '.repeat(100_000)}` },
    'invalid_request',
    'feedback_content',
  ],
  [
    AddMessageRequest,
    'instructions of 8,001',
    add({ custom_extract_prompt: { image: 'x'.repeat(8_001) } }),
    'invalid_request',
    'custom_extract_prompt.image',
  ],
  [AddMessageRequest, 'a speaker of 101', message({ role_name: long }), 'invalid_request', 'messages[0].role_name'],
  [AddMessageRequest, 'a speaker id of 257', message({ role_id: 'x'.repeat(257) }), 'invalid_request', 'messages[0].role_id'],
  [CreateKnowledgeBaseRequest, 'a base name of 257', { knowledgebase_name: 'x'.repeat(257) }, 'invalid_request', 'knowledgebase_name'],
  [
    CreateKnowledgeBaseRequest,
    'a description of 4,097',
    { knowledgebase_name: 'x', knowledgebase_description: 'x'.repeat(4_097) },
    'invalid_request',
    'knowledgebase_description',
  ],
  [
    UpdateMemoryRequest,
    'a skill of 400,001',
    { memory_id: 'm', content: { examples: Array(5).fill('x'.repeat(90_000)) } },
    'invalid_request',
    'content',
  ],
  [UpdateMemoryRequest, 'a title of 1,001', { memory_id: 'm', title: 'x'.repeat(1_001) }, 'invalid_request', 'title'],
  [UpdateMemoryRequest, 'a content of 100,001', { memory_id: 'm', content: 'x'.repeat(100_001) }, 'invalid_request', 'content'],
];

const OTHERS: readonly (readonly [z.ZodType, ...Row])[] = [
  [GetMessageRequest, 'get/message without conversation', { user_id: 'ana' }, 'required_field_missing', 'conversation_id'],
  [
    GetMessageRequest,
    'get/message with a null conversation',
    { user_id: 'ana', conversation_id: null },
    'required_field_missing',
    'conversation_id',
  ],
  [
    GetMessageRequest,
    'get/message with limit 0',
    { user_id: 'ana', conversation_id: 'c', message_limit_number: 0 },
    'invalid_request',
    'message_limit_number',
  ],
  [GetMemoryRequest, 'get/memory without user', {}, 'required_field_missing', 'user_id'],
  [GetMemoryRequest, 'get/memory with page 0', { user_id: 'ana', page: 0 }, 'invalid_request', 'page'],
  [GetMemoryRequest, 'get/memory with size 0', { user_id: 'ana', size: 0 }, 'invalid_request', 'size'],
  [
    GetMemoryRequest,
    'get/memory with an unknown view',
    { user_id: 'ana', include_memory_view: ['x'] },
    'invalid_request',
    'include_memory_view[0]',
  ],
  [
    GetMemoryRequest,
    'a million digits and a letter for a page',
    { user_id: 'ana', page: `${'1'.repeat(1_000_000)}x` },
    'invalid_request',
    'page',
  ],
  ...LENGTHS,
  [GetStatusRequest, 'get/status without task', {}, 'required_field_missing', 'task_id'],
  [GetStatusRequest, 'get/status with a number', { task_id: 4 }, 'invalid_request', 'task_id'],
  [DeleteMemoryRequest, 'delete/memory with no ids', { memory_ids: [] }, 'empty_collection', 'memory_ids'],
  [DeleteMemoryRequest, 'delete/memory with no ids beside a user', { memory_ids: [], user_id: 'ana' }, 'empty_collection', 'memory_ids'],
  [DeleteMemoryRequest, 'delete/memory with a string of ids', { memory_ids: 'a' }, 'invalid_request', 'memory_ids'],
  [DeleteMemoryRequest, 'delete/memory with a blank id', { memory_ids: ['a', ' '] }, 'required_field_missing', 'memory_ids[1]'],
  [DeleteMemoryRequest, 'delete/memory with a number for a user', { user_id: 3 }, 'invalid_request', 'user_id'],
];

const TABLE: readonly (readonly [z.ZodType, ...Row])[] = [
  ...ADD.map((row) => [AddMessageRequest, ...row] as const),
  ...SEARCH.map((row) => [SearchMemoryRequest, ...row] as const),
  ...CHAT.map((row) => [ChatRequest, ...row] as const),
  ...OTHERS,
];

describe('Bad requests', () => {
  it('are none with as many files as one add may have', () => {
    expect(() => readRequest(AddMessageRequest, add({ messages: [filesOf(10), filesOf(10)] }))).not.toThrow();
  });

  it.each(TABLE.map(([schema, what, body, code, named]) => ({ schema, what, body, code, named })))(
    'refuses $what with $code, naming $named',
    ({ schema, body, code, named }) => {
      expect(() => readRequest(schema, body)).toThrow(
        expect.objectContaining({ code, message: expect.stringMatching(new RegExp(`^${named.replaceAll(/[[\].]/gu, '\\$&')} `, 'u')) }),
      );
    },
  );

  it('says how many more fields are wrong', () => {
    expect(() => readRequest(ChatRequest, { user_id: 3, query: 4, top_p: 'x' })).toThrow(
      'user_id must be a string. 2 more fields are wrong.',
    );
  });

  it('names every allowed value of an enumeration', () => {
    expect(() => readRequest(AddMessageRequest, message({ role: 'robot' }))).toThrow(
      'messages[0].role must be one of user, assistant, system, tool.',
    );
  });

  it('never repeats what was sent', () => {
    expect(() => readRequest(AddMessageRequest, message({ role: 'my secret' }))).toThrow(expect.not.stringContaining('secret'));
  });
});
