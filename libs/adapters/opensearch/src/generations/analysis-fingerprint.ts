import { createHash } from 'node:crypto';
import { documentTerms, lexiconVersion, packFeatures } from '@continuo/domain';

/** Read by every analyser rule we know of; when its terms change, the terms of every document may have. */
const PROBE =
  "We're moving to Zürich on 3.14; don't e-mail ana@example.com about C++ or the iPhone15. My sister's flats, 1,000 running shoes. 我去年在廣州住過三天，不吃辣。東京タワーへ行きました。서울에서 살아요";

const PROBED = { kind: 'turn', text: PROBE, keys: [PROBE], source: '' } as const;

/** Changes with what an index keeps of a document's text. */
export const analysisFingerprint = (): string =>
  createHash('sha256')
    .update(JSON.stringify([documentTerms(PROBED), packFeatures(PROBED), lexiconVersion()]))
    .digest('hex')
    .slice(0, 16);
