declare module 'word-extractor' {
  interface Options {
    /** False keeps typographic quotes and dashes. */
    readonly filterUnicode?: boolean;
  }

  class WordDocument {
    getBody(options?: Options): string;
    getFootnotes(options?: Options): string;
    getEndnotes(options?: Options): string;
    getTextboxes(options?: Options & { readonly includeHeadersAndFooters?: boolean }): string;
  }

  export default class WordExtractor {
    extract(source: Buffer): Promise<WordDocument>;
  }
}
