export { extractByRules, type RuleExtraction } from './extract-by-rules.ts';
export { RULES_EXTRACTOR } from './candidates.ts';
export { cleanForMining } from './clean-for-mining.ts';
export { isMetaTalk, isSmallTalk } from './talk.ts';
export { placeValue } from './places.ts';
export { asSaidBy, callOf, namedText, speakersOf, UNNAMED_SPEAKER, type Speaker } from './speakers.ts';
export { withEvent, type NamedEvent } from './events.ts';
export { inViews, isWanted } from './views.ts';
export { candidateOfPiece, type DocumentPiece } from './from-document.ts';
