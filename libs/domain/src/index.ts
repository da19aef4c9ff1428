export * from './scope.ts';
export * from './message.ts';
export { parseChatTime, parseWrittenTime } from './chat-time.ts';
export { matchesFilter } from './filter.ts';
export type { Filter, Filterable, FilterField, FilterScalar } from './filter.ts';
export * from './memory.ts';
export type * from './memory-details.ts';
export { nameBasedId } from './uuid.ts';
export { documentMemoryId, memoryId } from './memory-identity.ts';
export { alignWithConversation, canonicalContent, messageId, SINGLE_OVERLAP_MS } from './message-identity.ts';
export type { MessageIdentity } from './message-identity.ts';
export { recogniseTold } from './told-history.ts';
export type { ToldTurn } from './told-history.ts';
export { quotedIn, recallableWords, statementsIn } from './turn-words.ts';
export { completeLabels, documentOfMemory, documentOfMessage, passageOf, wordsOfTurn } from './documents.ts';
export { CORRECTED_CONFIDENCE, EDITED_EXTRACTOR, editedMemory } from './reconciliation/edited-memory.ts';
export type { ChangeTime, MemoryChange } from './reconciliation/edited-memory.ts';
export { isAlreadySaid } from './reconciliation/claim.ts';
export { withSlot } from './reconciliation/held-slot.ts';
export { reconcile } from './reconciliation/reconcile.ts';
export { excludeEachOther } from './reconciliation/two-statements.ts';
export type { Reconciliation, ReconcileInput, Verdict } from './reconciliation/reconcile.ts';
export * from './feedback/index.ts';
export { builtInPrompt, composeSystemPrompt, localMinute, renderMemories } from './prompt/prompt.ts';
export type { PromptItem } from './prompt/prompt.ts';
export { answerFromMemory } from './prompt/answer-from-memory.ts';
export { normaliseText, statementKey } from './text/fold.ts';
export { detectLanguage } from './text/language.ts';
export { analyse, documentTerms } from './text/analyse.ts';
export type { DocumentTerms } from './text/analyse.ts';
export { conceptsOf } from './text/concepts.ts';
export { nearDuplicate } from './text/near-duplicate.ts';
export { queryTerms } from './text/query-terms.ts';
export type { QueryTerms } from './text/query-terms.ts';
export { analyseQuery } from './relativity/query-analysis.ts';
export { scoreCandidates } from './relativity/score.ts';
export { packFeatures } from './relativity/document-features.ts';
export type { PackedFeatures } from './relativity/document-features.ts';
export { collapseNearDuplicates } from './relativity/collapse.ts';
export { calibrationOf, CALIBRATIONS } from './relativity/calibrations.ts';
export type { FittedCalibration, ScriptPair } from './relativity/calibrations.ts';
export { calibrationInput, fitCalibration } from './relativity/fit-calibration.ts';
export type { CalibrationFit, CosineBand, FittedScale, OfCalibrationTexts, RecallShares } from './relativity/fit-calibration.ts';
export { DEFAULT_MIN_RELATIVITY, RECALL_SIGNALS } from './relativity/types.ts';
export type {
  CosineScale,
  EmbedderCalibration,
  QueryAnalysis,
  QueryClause,
  QuerySlot,
  RecallCandidate,
  ScoredCandidate,
  ScoreExplanation,
  ScoreFit,
  ScoringContext,
} from './relativity/types.ts';
export { readTimeExpressions, readTimeWindow, resolveRelativeDates } from './time/index.ts';
export { cleanForMining, extractByRules, isMetaTalk, isSmallTalk, placeValue, RULES_EXTRACTOR } from './extraction/index.ts';
export type { RuleExtraction } from './extraction/index.ts';
export {
  asSaidBy,
  callOf,
  candidateOfPiece,
  inViews,
  isWanted,
  namedText,
  speakersOf,
  UNNAMED_SPEAKER,
  withEvent,
} from './extraction/index.ts';
export type { DocumentPiece, NamedEvent, Speaker } from './extraction/index.ts';
export { toolSchemasIn, trajectoriesIn } from './tools/index.ts';
export type { ToolReading, Trajectory } from './tools/index.ts';
export { ROUNDS_OF_A_SKILL, skillsLearnt } from './skills/index.ts';
export type { SkillEvidence } from './skills/index.ts';
export type { TimeExpression, TimeGrain, TimeWindow } from './time/index.ts';
export { lexiconVersion } from './text/lexicon-version.ts';
export * from './chunking/index.ts';
export * from './profiles/index.ts';
