/**
 * What may stand in `Import-Name` and `Import-Namespace` (PEP 794): identifiers of Python with dots between them, and `; private`
 * behind them.
 *
 * @module
 */

/** Words that Python keeps for itself (the language reference, "Keywords"). */
const KEYWORDS = new Set(
  ("False None True and as assert async await break class continue def del elif else except finally for from global " +
    "if import in is lambda nonlocal not or pass raise return try while with yield").split(" "),
);

/** Why a value is none, as a clause; undefined for one that PyPI takes. */
export function importNameProblem(value: string): string | undefined {
  const [, name = "", option] = /^([^;]*)(?:;([^]*))?$/.exec(value) ?? [];
  for (const word of name.trimEnd().split(".")) {
    if (!/^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(word)) {
      return `"${word}" is no identifier of Python`;
    }
    if (KEYWORDS.has(word)) return `"${word}" is a keyword of Python`;
  }
  return option === undefined || option.trimStart() === "private"
    ? undefined
    : 'only "private" may stand behind its ";"';
}
