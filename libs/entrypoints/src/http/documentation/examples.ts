/** Requests to try, by the name of their schema, shown in the documentation. */
export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, { readonly summary: string; readonly value: object }>>>> = {
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
  },
};
