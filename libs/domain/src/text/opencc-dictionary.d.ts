/** The package ships no types for its dictionaries: one string, `traditional simplified…` entries parted by bars. */
declare module 'opencc-js/dict/TSCharacters' {
  const entries: string;
  export default entries;
}
