import { clausesOf } from '../text/clauses.ts';
import { conceptTerm } from '../text/concepts.ts';
import { isContent, isLight, isTimeWord } from '../text/content.ts';
import { statementKey } from '../text/fold.ts';
import { isPerson } from '../text/lexicon.ts';
import { phraseOf, type Piece } from '../text/pieces.ts';
import { queryTerms } from '../text/query-terms.ts';
import { ENGLISH_STOP_WORDS } from '../text/stop-words.ts';
import { asksAbout, asksForProfile, asksWhatAssistantSaid, isSmallTalk, withoutMaterial } from './query-patterns.ts';
import type { QueryAnalysis, QueryClause, QuerySlot } from './types.ts';
import { SLOT_WEIGHTS } from './weights.ts';

/** Of a very long query the end is read, because the wish stands there: so many characters, so many clauses. */
const LONGEST_READ = 4_000;
const MAX_CLAUSES = 24;

/** Reads a query: what it asks for, in which parts, and whether it asks for anything at all. */
export function analyseQuery(query: string): QueryAnalysis {
  const end = withoutMaterial(query.slice(-LONGEST_READ));
  const read = queryTerms(end);
  const smallTalk = isSmallTalk(end);
  const profile = asksForProfile(end);
  const parts = smallTalk ? [] : clausesOf(end);
  const clauses = readClauses(parts);
  const slots = distinctSlots(clauses);
  const weight = slots.reduce((sum, slot) => sum + slot.weight, 0);
  return {
    text: query,
    key: statementKey(query),
    language: read.language,
    terms: smallTalk ? [] : read.terms,
    concepts: [...new Set(slots.flatMap((slot) => slot.concepts.map((hit) => conceptTerm(hit.concept))))],
    clauses,
    contentTermCount: smallTalk ? 0 : read.contentTermCount,
    isSmallTalk: smallTalk,
    hasContent: !smallTalk && (weight >= SLOT_WEIGHTS.least || profile),
    asksForProfile: profile,
    asksAbout: asksAbout(
      end,
      slots.some((slot) => slot.isPerson),
    ),
    asksWhatAssistantSaid: asksWhatAssistantSaid(end),
    names: namesOf(parts),
  };
}

function readClauses(parts: readonly (readonly Piece[])[]): readonly QueryClause[] {
  const clauses = parts.map((pieces, clauseIndex): QueryClause => {
    const slots = new Map<string, QuerySlot>();
    for (const [index, piece] of pieces.entries()) {
      const first = clauseIndex === 0 && index === 0;
      const weight = weightOf(piece, first);
      if (weight > 0 && !slots.has(piece.form)) slots.set(piece.form, slotOf(piece, weight, first));
    }
    return { slots: [...slots.values()] };
  });
  return clauses.filter((clause) => clause.slots.length > 0).slice(-MAX_CLAUSES);
}

/** The slots of all clauses, each once. */
export function distinctSlots(clauses: readonly QueryClause[]): readonly QuerySlot[] {
  return [...new Map(clauses.flatMap((clause) => clause.slots).map((slot) => [slot.form, slot])).values()];
}

function slotOf(piece: Piece, weight: number, first: boolean): QuerySlot {
  const words = piece.form.split(' ');
  const meant = piece.stems.filter((_, index) => !ENGLISH_STOP_WORDS.has(words[index] ?? ''));
  const person = isName(piece, first) || piece.hits.some(isPerson);
  const { kind, form, parts, hits: concepts } = piece;
  return {
    kind,
    form,
    stems: meant,
    phrase: meant.length > 0 && meant.length < piece.stems.length ? phraseOf(piece.stems) : null,
    parts,
    concepts,
    isPerson: person,
    weight,
  };
}

function weightOf(piece: Piece, first: boolean): number {
  if (isTimeWord(piece)) return piece.form.length > 1 ? SLOT_WEIGHTS.time : 0;
  if (!isContent(piece)) return 0;
  if (piece.kind === 'number') return piece.form.length > 1 ? SLOT_WEIGHTS.number : SLOT_WEIGHTS.digit;
  if (isLight(piece)) return SLOT_WEIGHTS.light;
  if (isName(piece, first)) return SLOT_WEIGHTS.name;
  if (piece.hits.length > 0) return conceptWeight(piece);
  return piece.kind === 'run' && piece.form.length === 1 ? SLOT_WEIGHTS.character : SLOT_WEIGHTS.word;
}

function conceptWeight(piece: Piece): number {
  if (piece.hits.some((hit) => hit.role === 'case' && !hit.weak)) return SLOT_WEIGHTS.case;
  return piece.hits.every((hit) => hit.weak) ? SLOT_WEIGHTS.weak : SLOT_WEIGHTS.word;
}

function namesOf(parts: readonly (readonly Piece[])[]): readonly string[] {
  const pieces = parts.flat();
  return [...new Set(pieces.filter((piece, index) => isName(piece, index === 0)).map((piece) => piece.form))];
}

/** A capital letter opens every English sentence, so the first word of the query is no evidence of a name. */
const isName = (piece: Piece, first: boolean): boolean =>
  piece.kind === 'word' && piece.capitalised && !first && piece.hits.length === 0 && isContent(piece);
