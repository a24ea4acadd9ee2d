/**
 * The key of a `[target.…]` table in the one spelling that cargo sends it in: `cfg(all(unix,test))` is
 * `cfg(all(unix, test))` (cargo-platform's `Display` of what it parsed).
 *
 * @module
 */

const TOKENS = /\s*(?:(r#[A-Za-z_]\w*|[A-Za-z_]\w*)|("[^"]*")|([(),=]))\s*/y;

/** Writes a key anew; a triple, and what is no expression, stays as it is. */
export function showPlatform(key: string): string {
  const inner = /^cfg\((.*)\)$/s.exec(key)?.[1];
  const tokens = inner === undefined ? undefined : tokensOf(inner);
  if (tokens === undefined) return key;
  const reader = { tokens, at: 0 };
  const shown = showExpression(reader);
  return shown === undefined || reader.at < tokens.length ? key : `cfg(${shown})`;
}

function tokensOf(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < text.length) {
    const found = TOKENS.exec(text);
    if (found === null) return undefined;
    tokens.push(found[1] ?? found[2] ?? found[3]!);
  }
  return tokens;
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

function eat(reader: Reader, token: string): boolean {
  if (reader.tokens[reader.at] !== token) return false;
  reader.at++;
  return true;
}

function showExpression(reader: Reader): string | undefined {
  const name = reader.tokens[reader.at++];
  if (name === undefined || !/^[A-Za-z_]/.test(name)) return undefined;
  if (["all", "any", "not"].includes(name)) {
    const parts = showList(reader);
    return parts && `${name}(${parts.join(", ")})`;
  }
  // Constants to cargo, and written as such.
  if (/^r#(true|false)$/.test(name)) return name.slice("r#".length);
  if (!eat(reader, "=")) return name;
  const value = reader.tokens[reader.at++];
  return value?.startsWith('"') === true ? `${name} = ${value}` : undefined;
}

/** What stands in parentheses; a comma may stand at the end. */
function showList(reader: Reader): readonly string[] | undefined {
  if (!eat(reader, "(")) return undefined;
  const parts: string[] = [];
  while (!eat(reader, ")")) {
    const part = showExpression(reader);
    if (part === undefined) return undefined;
    parts.push(part);
    if (eat(reader, ",")) continue;
    return eat(reader, ")") ? parts : undefined;
  }
  return parts;
}
