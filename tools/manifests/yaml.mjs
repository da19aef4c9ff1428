import { parseAllDocuments } from 'yaml';

/** Every document of a text. A key that stands twice, and anything else that is no good YAML, is an error. */
export function parseDocuments(text) {
  return parseAllDocuments(text, { merge: true, uniqueKeys: true })
    .map((document) => {
      if (document.errors.length > 0) throw new Error(document.errors[0].message);
      return document.toJS();
    })
    .filter((value) => value !== null && value !== undefined);
}
