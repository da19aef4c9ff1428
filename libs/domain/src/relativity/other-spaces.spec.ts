import { aCandidate, NOW } from './candidate.builder.ts';
import { analyseQuery } from './query-analysis.ts';
import { scoreCandidates } from './score.ts';
import type { RecallCandidate } from './types.ts';

const CONTEXT = { now: NOW, conversationId: 'c', timeWindow: null, calibration: null };
const relativityOf = (query: string, candidate: RecallCandidate): number =>
  scoreCandidates(analyseQuery(query), [candidate], CONTEXT)[0]?.relativity ?? 0;

describe('relativity of what is not the caller’s own', () => {
  it('lets a document answer a question about the world, which a statement of the user does not', () => {
    const text = 'Planes fly because their wings push air down';
    const document = relativityOf('How do planes fly?', aCandidate({ text, origin: 'document' }));
    expect(document).toBeGreaterThan(0.45);
    expect(relativityOf('How do planes fly?', aCandidate({ text }))).toBeLessThan(document);
  });

  it('lets a skill answer how something is done', () => {
    const text = 'Book a flight: search, compare, pay';
    expect(relativityOf('How do I book a flight?', aCandidate({ text, kind: 'skill' }))).toBeGreaterThan(0.45);
  });

  it('raises nothing of a conversation of the same name', () => {
    const [other] = scoreCandidates(analyseQuery('green tea'), [{ ...aCandidate({ text: 'green tea' }), elsewhere: true }], CONTEXT);
    expect(other?.explanation.boosts).not.toHaveProperty('sameConversation');
  });

  it('takes nothing of others for what is known of the caller', () => {
    const mine = aCandidate({ text: 'I live in Lyon' });
    expect(relativityOf('What do you know about me?', mine)).toBeGreaterThan(0.45);
    expect(relativityOf('What do you know about me?', { ...mine, elsewhere: true })).toBeLessThan(0.45);
  });

  it('takes an allergy that somebody wrote down for all for no allergy of the caller', () => {
    const mine = aCandidate({ text: 'I am allergic to peanuts' });
    const query = 'Plan a dinner for six friends with wine, candles and music on Saturday in the garden';
    expect(relativityOf(query, mine)).toBeGreaterThan(0.45);
    expect(relativityOf(query, { ...mine, elsewhere: true })).toBeLessThan(0.45);
  });
});
