import type { Candidate, Memory } from '../memory.ts';
import type { Message } from '../message.ts';
import { trajectoriesIn, type Trajectory } from '../tools/index.ts';
import { skillsLearnt } from './index.ts';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const SCOPE = { projectId: 'default', subject: 'user:ana' } as const;

interface Task {
  readonly request: string;
  /** Tool, arguments, result. */
  readonly calls: readonly (readonly [tool: string, given: object, result: string])[];
}

function messagesOf({ request, calls }: Task, place: number): readonly Message[] {
  let sequence = place * 100;
  const message = (id: string, traits: Pick<Message, 'role' | 'content' | 'parts'>): Message => ({
    ...traits,
    id: `r${place}-${id}`,
    chatTime: NOON + place,
    roleName: null,
    speakerId: null,
    purpose: 'said',
    extraction: null,
    scope: SCOPE,
    conversationId: `c${place}`,
    sequence: (sequence += 1),
    place: 0,
    withheld: [],
    state: 'pending',
    partial: false,
    labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
    taskId: 't1',
    createdAt: NOON,
  });
  const steps = calls.flatMap(([name, given, result], index) => {
    const id = `call_${index}`;
    const tool_calls = [{ id, type: 'function', function: { name, arguments: JSON.stringify(given) } }];
    return [
      message(`c${index}`, { role: 'assistant', content: '', parts: { tool_calls } }),
      message(`t${index}`, { role: 'tool', content: result, parts: { tool_call_id: id } }),
    ];
  });
  return [message('u', { role: 'user', content: request, parts: null }), ...steps];
}

const roundOf = (task: Task, place: number): Trajectory => {
  const [trajectory] = trajectoriesIn({ messages: messagesOf(task, place), context: [] });
  if (trajectory === undefined) throw new Error('the task used no tools');
  return trajectory;
};

const asMemory = (candidate: Candidate, evidence = 1): Memory => ({
  ...candidate,
  id: candidate.topicKey ?? '',
  scope: SCOPE,
  conversationId: 'c',
  evidence,
  sourceSequence: 1,
  status: 'current',
  supersededBy: null,
  validFrom: 0,
  validTo: null,
  labels: { tags: [], info: {}, appId: null, agentId: null, relatedIds: [] },
  createdAt: 0,
  updatedAt: 0,
  indexVersion: 1,
});

const flight = (place: number, result = '{"booked":true}'): Task => ({
  request: `Get me a flight to city ${place}`,
  calls: [
    ['search_flights', { to: `city ${place}`, day: 'Monday' }, '["F1"]'],
    ['book_flight', { id: 'F1' }, result],
  ],
});
const retried = (place: number): Task => ({
  request: `Get me a flight to city ${place}`,
  calls: [
    ['search_flights', { to: `city ${place}` }, 'Error: day missing'],
    ['search_flights', { to: `city ${place}`, day: 'Monday' }, '["F1"]'],
    ['book_flight', { id: 'F1' }, '{"booked":true}'],
  ],
});

/** What the last task teaches, when the others were mined before. */
function learnt(tasks: readonly Task[], more: readonly Memory[] = []): readonly Candidate[] {
  const rounds = tasks.map((task, index) => roundOf(task, index + 1));
  const known = rounds.slice(0, -1).map(({ candidate }) => asMemory(candidate));
  return skillsLearnt({ trajectories: rounds.slice(-1), known: [...known, ...more] });
}

const times = (count: number, task: (place: number) => Task): readonly Task[] =>
  Array.from({ length: count }, (_, index) => task(index + 1));

describe('a skill', () => {
  it('is learnt when the same tools have served five times', () => {
    expect(learnt(times(4, flight))).toEqual([]);
    const [skill] = learnt(times(5, flight));
    expect(skill).toMatchObject({ kind: 'skill', origin: 'tool', topicKey: expect.stringMatching(/^skill\./u), negated: false });
    expect(skill?.details.skill).toEqual({
      name: 'search flights → book flight',
      description: 'How a request like “Get me a flight to city 5” is done: search_flights, then book_flight.',
      procedure: '1. Call search_flights with to, day.\n2. Call book_flight with id.',
      experience: [],
      preference: [],
      examples: times(5, flight).map(({ request }) => request),
      script: {},
      others: {},
      fileId: null,
    });
  });

  it('in Chinese', () => {
    const train = (place: number): Task => ({
      request: `帮我订去${place}号城市的车票`,
      calls: [['book_train', { 到: `${place}` }, '成功']],
    });
    expect(learnt(times(5, train))[0]).toMatchObject({
      language: 'zh',
      text: '“帮我订去5号城市的车票”这样的请求的做法：book_train。 1. 调用 book_train，参数：到。',
    });
  });

  it('is learnt within one batch, and from one round that was said five times', () => {
    const rounds = times(6, flight).map((task, index) => roundOf(task, index));
    expect(skillsLearnt({ trajectories: rounds, known: [] })).toHaveLength(1);
    const [last] = rounds.slice(-1);
    const [first] = rounds;
    if (first === undefined || last === undefined) throw new Error('no rounds');
    expect(skillsLearnt({ trajectories: [last], known: [asMemory(first.candidate, 4)] })).toHaveLength(1);
    expect(skillsLearnt({ trajectories: [last], known: [asMemory(first.candidate, 3)] })).toEqual([]);
  });

  it('is not learnt from rounds that failed, nor from the same round mined again, nor from other tools or another order', () => {
    const failed = (place: number): Task => flight(place, '{"error":"sold out"}');
    expect(learnt(times(9, failed))).toEqual([]);
    expect(learnt([...times(4, failed), flight(5)])).toEqual([]);

    const rounds = times(4, flight).map((task, index) => roundOf(task, index));
    const known = rounds.map(({ candidate }) => asMemory(candidate));
    expect(skillsLearnt({ trajectories: rounds, known })).toEqual([]);

    const other = (place: number): Task => ({ ...flight(place), calls: flight(place).calls.toReversed() });
    expect(learnt([...times(4, other), flight(5)])).toEqual([]);
    const more = (place: number): Task => ({ ...flight(place), calls: [...flight(place).calls, ['pay', {}, 'ok']] });
    expect(learnt([...times(4, more), flight(5)])).toEqual([]);
  });

  it('keeps its slot, and what its owner wrote, when a round teaches something new', () => {
    const [skill] = learnt(times(5, flight));
    if (skill?.details.skill === undefined) throw new Error('nothing was learnt');
    const edited = asMemory({ ...skill, details: { skill: { ...skill.details.skill, procedure: 'Ask for the seat first.' } } });
    expect(learnt([...times(5, flight), flight(6)], [edited])).toEqual([]);
    const [grown, ...more] = learnt([...times(5, flight), retried(6)], [edited]);
    expect(more).toEqual([]);
    expect(grown?.topicKey).toBe(skill.topicKey);
    expect(grown?.details.skill).toMatchObject({
      procedure: 'Ask for the seat first.',
      experience: ['search_flights failed first (error) and worked with day=Monday.'],
    });
    expect(grown?.text).not.toBe(skill.text);
  });

  it('takes lessons of earlier rounds along', () => {
    expect(learnt([retried(1), ...times(4, (place) => flight(place + 1))])[0]?.details.skill?.experience).toEqual([
      'search_flights failed first (error) and worked with day=Monday.',
    ]);
  });

  it('does not rest on what the user said', () => {
    expect(learnt(times(5, flight))[0]?.sourceMessageIds).toEqual(['r5-c0', 'r5-t0', 'r5-c1', 'r5-t1']);
  });
});
