const POSSESSIVE = /^(?:(?:and|but|so|also|then|plus|yet) )*(?:my|our|his|her|their|your|this) /iu;
/** A verb after a possessed noun; plural nouns look like verbs in -s, so that only common ones count. */
const VERB =
  /['’](?:s|re|ve|ll|d) \p{L}|\b(?:is|are|was|were|has|have|had|will|can|could|should|would|does|did|hasn['’]t|haven['’]t|hadn['’]t|won['’]t|isn['’]t|aren['’]t|wasn['’]t|doesn['’]t|don['’]t|didn['’]t|can['’]t|loves?|likes?|hates?|lives?|works?|plays?|go|goes|speaks?|studies|owns?|drives?|runs?|wants?|needs?|eats?|drinks|prefers?|enjoys?|teaches|makes|sings?|comes?|says?|thinks?|knows?|gets?|keeps?|turns|starts|sleeps|means|seems?|calls|visits|travels|moves|passes|became|began|went|got|came|left|lost|won|broke|passed|took|made|gave|told|bought|died|met|said|ran|fell|grew|sold|spent|\p{L}{3,}ed(?! (?:cat|dog|car|house|flat|apartment|family)\b))\b/iu;

/** Whether what follows a break is a clause ("and my wife loves skiing"), and not one more thing ("and our cat Biscuit"). */
export const isClauseStart = (piece: string): boolean => {
  const owner = POSSESSIVE.exec(piece)?.[0];
  // The first word after the owner is the noun, even where it looks like a verb ("my work").
  return owner === undefined || VERB.test(piece.slice(owner.length).replace(/^\p{L}+/u, ''));
};

/** "My wife and I are moving": what stands before the break is half of the subject, and no clause. */
export const isHalfSubject = (piece: string): boolean => {
  const owner = POSSESSIVE.exec(piece)?.[0];
  return owner !== undefined && /^[\p{L}'’ -]{1,40}$/u.test(piece.slice(owner.length).trim()) && !isClauseStart(piece);
};
