export { extractByRules, type RuleExtraction } from './extract-by-rules.ts';
export { RULES_EXTRACTOR } from './candidates.ts';
export { cleanForMining } from './clean-for-mining.ts';
export { isMetaTalk, isSmallTalk } from './talk.ts';
export { placeValue } from './places.ts';
