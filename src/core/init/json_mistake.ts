/**
 * Where a text stops being JSON. `JSON.parse` says so in words that differ from engine to engine, and often not at all.
 *
 * @module
 */

/** One token of JSON (RFC 8259), or the blanks before one. */
const TOKEN =
  // deno-lint-ignore no-control-regex
  /[{}[\]:,]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const BLANKS = /[ \t\r\n]*/y;

/** What may come next. */
type State = "value" | "first-item" | "first-key" | "key" | "colon" | "after" | "end";

/** The offset, in UTF-16 units, of the first token that cannot stand where it does; undefined for a text that is JSON. */
export function jsonMistake(text: string): number | undefined {
  const open: ("{" | "[")[] = [];
  let state: State = "value";
  for (let at = 0;;) {
    BLANKS.lastIndex = at;
    at += BLANKS.exec(text)![0].length;
    if (at === text.length) return state === "end" ? undefined : at;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    const next: State | undefined = token === undefined ? undefined : step(state, token, open);
    if (token === undefined || next === undefined) return at;
    state = next;
    at += token.length;
  }
}

/** The state after a token; undefined when it cannot stand here. `open` holds what is to be closed. */
function step(state: State, token: string, open: ("{" | "[")[]): State | undefined {
  const closed = (): State => open.length === 0 ? "end" : "after";
  switch (state) {
    case "first-item":
    case "value":
      if (token === "{" || token === "[") {
        open.push(token);
        return token === "{" ? "first-key" : "first-item";
      }
      if (token === "]" && state === "first-item") return open.pop() && closed();
      return "}]:,".includes(token) ? undefined : closed();
    case "first-key":
    case "key":
      if (token === "}" && state === "first-key") return open.pop() && closed();
      return token.startsWith('"') ? "colon" : undefined;
    case "colon":
      return token === ":" ? "value" : undefined;
    case "after":
      if (token === ",") return open.at(-1) === "{" ? "key" : "value";
      if (token !== (open.at(-1) === "{" ? "}" : "]")) return undefined;
      open.pop();
      return closed();
    case "end":
      return undefined;
  }
}
