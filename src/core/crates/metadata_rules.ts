/**
 * What crates.io asks of the texts in `[package]` (rust-lang/crates.io, `src/controllers/krate/publish.rs`,
 * `src/models/keyword.rs`, the migration that reserves names).
 *
 * @module
 */

/** Bytes of a description. */
export const LONGEST_DESCRIPTION = 1000;

const LONGEST_KEYWORD = 20;

/** Whether crates.io takes a keyword: 20 bytes of ASCII letters, digits, `_`, `-` and `+`, a letter or digit first. */
export function isKeyword(word: string): boolean {
  return word.length <= LONGEST_KEYWORD && /^[A-Za-z0-9][A-Za-z0-9_+-]*$/.test(word);
}

/** What is wrong with an address, as a clause; undefined when nothing is. One that is there has to be whole. */
export function addressFault(url: string): string | undefined {
  if (!/^https?:\/\//.test(url)) return "it begins with neither https:// nor http://";
  return URL.canParse(url) ? undefined : "it is no URL";
}

/** Names that no new crate gets, in canonical spelling: what the compiler's own crates were called, and devices of Windows. */
const RESERVED: ReadonlySet<string> = new Set([
  ..."alloc arena ast builtins collections compiler_builtins compiler_rt compiletest core".split(
    " ",
  ),
  ..."coretest debug driver flate fmt_macros grammar graphviz macro macros proc_macro rbml".split(
    " ",
  ),
  ..."rust_installer rustbook rustc rustc_back rustc_borrowck rustc_driver rustc_llvm".split(" "),
  ..."rustc_resolve rustc_trans rustc_typeck rustdoc rustllvm rustuv serialize std syntax".split(
    " ",
  ),
  ..."test unicode nul con prn aux".split(" "),
  ...Array.from({ length: 9 }, (_, index) => [`com${index + 1}`, `lpt${index + 1}`]).flat(),
]);

/** Whether crates.io keeps a name from everybody, by its canonical spelling. */
export function isReservedName(canonical: string): boolean {
  return RESERVED.has(canonical);
}
