import type { DocumentDetails } from '../memory-details.ts';
import type { Candidate } from '../memory.ts';
import { saidAt, type Message } from '../message.ts';
import { detectLanguage } from '../text/language.ts';

/** A piece of a document that came with a message. */
export interface DocumentPiece {
  readonly text: string;
  readonly title: string;
  readonly document: DocumentDetails;
}

/** The extractor of what was read in a file: nobody's statement, and no reading of what the message says. */
const DOCUMENT_EXTRACTOR = 'document';
const CONFIDENCE = 0.99;
const LONGEST_TITLE = 120;

/** What a document says, as it says it. It says nothing about the one who sent it. */
export function candidateOfPiece({ text, title, document }: DocumentPiece, message: Message): Candidate {
  return {
    kind: 'fact',
    preferenceType: null,
    reasoning: '',
    title: title.slice(0, LONGEST_TITLE),
    text,
    language: detectLanguage(text),
    // Each place of a file is one thing: no other memory is looked for that might say the same.
    topicKey: `document.${document.fileId}.${document.place}`,
    topicValue: null,
    negated: false,
    about: null,
    origin: 'document',
    entities: [],
    keyPhrases: document.fileName === '' ? [] : [document.fileName.replace(/\.[^.]+$/u, '')],
    eventTime: null,
    confidence: CONFIDENCE,
    details: { document },
    sourceMessageIds: [message.id],
    quotes: [],
    statedAt: saidAt(message),
    extractor: DOCUMENT_EXTRACTOR,
  };
}
