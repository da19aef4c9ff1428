import type { Examples } from './example.ts';
import { KNOWLEDGE_EXAMPLES } from './knowledge-examples.ts';
import { PROFILE_EXAMPLES } from './profile-examples.ts';

/** Requests to try, by the name of their schema, shown in the documentation; a spec sends every one of them. */
export const EXAMPLES: Readonly<Record<string, Examples>> = {
  AddMessageRequest: {
    conversation: {
      summary: 'A conversation',
      value: {
        user_id: 'ana',
        conversation_id: 'monday',
        messages: [
          { role: 'user', content: 'I have booked a trip to Lisbon for June. Which neighbourhoods are quiet?' },
          { role: 'assistant', content: 'Lapa, Estrela or Campo de Ourique, for example.' },
          { role: 'user', content: 'Estrela it is. And please never suggest seafood, I am allergic.' },
        ],
      },
    },
    group: {
      summary: 'A group chat',
      value: {
        user_id: ['ana', 'ben'],
        conversation_id: 'weekend',
        messages: [
          { role: 'user', role_id: 'ana', role_name: 'Ana', content: 'I would like to see the sea.' },
          { role: 'user', role_id: 'ben', role_name: 'Ben', content: 'Fine, but I work until Saturday noon.' },
        ],
      },
    },
    tools: {
      summary: 'With the use of a tool',
      value: {
        user_id: 'ana',
        conversation_id: 'weekend',
        messages: [
          { role: 'user', content: 'When does the last train to the coast leave?' },
          {
            role: 'assistant',
            tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'find_trains', arguments: '{"to":"Cascais"}' } }],
          },
          { role: 'tool', tool_call_id: 'call_1', content: '[{"leaves":"23:10"}]' },
          { role: 'assistant', content: 'At ten past eleven in the evening.' },
        ],
      },
    },
    labelled: {
      summary: 'With labels and times',
      value: {
        user_id: 'ana',
        messages: [{ role: 'user', content: 'Book me a window seat, I get dizzy on the aisle.', chat_time: '2026-11-20 09:00:00' }],
        tags: ['travel'],
        info: { scene: 'booking' },
        async_mode: false,
      },
    },
  },
  ChatCompletionRequest: {
    question: {
      summary: 'A question',
      value: { model: 'qwen2.5-72b-instruct', user: 'ana', messages: [{ role: 'user', content: 'Which city should I see next?' }] },
    },
    conversation: {
      summary: 'A conversation, streamed',
      value: {
        model: 'qwen2.5-72b-instruct',
        user: 'ana',
        stream: true,
        stream_options: { include_usage: true },
        messages: [
          { role: 'system', content: 'You are a travel agent with few words.' },
          { role: 'user', content: 'Which city should I see next?' },
          { role: 'assistant', content: 'Porto.' },
          { role: 'user', content: 'How long does the train take from Lisbon?' },
        ],
        metadata: { conversation_id: 'wednesday' },
      },
    },
  },
  GetMessageRequest: { conversation: { summary: 'The newest six', value: { user_id: 'ana', conversation_id: 'monday' } } },
  GetStatusRequest: { task: { summary: 'One task', value: { task_id: '0b0e9d8e-1c4a-5a55-8d7c-0f6f3d1a2b3c' } } },
  SearchMemoryRequest: {
    question: { summary: 'A question', value: { user_id: 'ana', query: 'Where does she stay in Lisbon?' } },
    filtered: {
      summary: 'Within a filter',
      value: {
        user_id: 'ana',
        query: 'flights',
        filter: { and: [{ tags: { contains: 'travel' } }, { create_time: { gte: '2026-03-01' } }] },
        memory_limit_number: 6,
        relativity: 0.3,
      },
    },
  },
  ChatRequest: {
    question: {
      summary: 'A question',
      value: { user_id: 'ana', conversation_id: 'tuesday', query: 'Where could I have dinner on my first evening there?' },
    },
    streamed: {
      summary: 'Streamed, with instructions of your own',
      value: {
        user_id: 'ana',
        conversation_id: 'tuesday',
        query: 'Where could I have dinner on my first evening there?',
        system_prompt: 'You are a travel agent with few words.\n{memories}',
        stream: true,
      },
    },
  },
  GetMemoryRequest: { page: { summary: 'The first page', value: { user_id: 'ana', page: 1, size: 10 } } },
  DeleteMemoryRequest: {
    ids: { summary: 'Some memories', value: { memory_ids: ['3b2f0f0e-5f0d-5a63-9d0e-0f3b6c0d7f11'] } },
    user: { summary: 'A whole user', value: { user_id: 'ana' } },
    filter: { summary: 'What a filter matches', value: { filter: { and: [{ scene: 'booking' }, { create_time: { lt: '2026-03-01' } }] } } },
  },
  UpdateMemoryRequest: {
    content: { summary: 'Another wording', value: { memory_id: '3b2f0f0e-5f0d-5a63-9d0e-0f3b6c0d7f11', content: 'I live in Porto.' } },
    archive: { summary: 'Kept as history', value: { memory_id: '3b2f0f0e-5f0d-5a63-9d0e-0f3b6c0d7f11', status: 'archived' } },
  },
  AddFeedbackRequest: {
    word: { summary: 'A word to replace', value: { user_id: 'ana', feedback_content: 'Replace "Rex" with "Max" everywhere.' } },
    correction: {
      summary: 'A correction',
      value: { user_id: 'ana', conversation_id: 'monday', feedback_content: 'That is wrong, I never lived in Lisbon. I live in Porto.' },
    },
  },
  ExtractMemoryRequest: {
    messages: {
      summary: 'Facts and preferences',
      value: {
        messages: [{ role: 'user', content: 'I live in Lisbon, and I prefer window seats.' }],
        extraction_types: ['memory', 'preference'],
      },
    },
  },
  RerankRequest: {
    documents: {
      summary: 'Two texts',
      value: {
        query: 'What is the capital of Portugal?',
        documents: ['Bread is baked in an oven.', 'The capital of Portugal is Lisbon.'],
        top_n: 1,
      },
    },
  },
  ...KNOWLEDGE_EXAMPLES,
  ...PROFILE_EXAMPLES,
};
