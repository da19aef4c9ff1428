export { correctedBy, decideFeedback } from './decide-feedback.ts';
export type { FeedbackDecision } from './decide-feedback.ts';
export { hasKeyword, replaceKeyword } from './keyword.ts';
export { readFeedback } from './read-feedback.ts';
export type { FeedbackPart, FeedbackReading } from './read-feedback.ts';
export type { KeywordReplacement } from './replacements.ts';
