/**
 * Which e-mail addresses PyPI takes in `Author-email` and `Maintainer-email` (pypi/warehouse `forklift/metadata.py`): Python's
 * `email.utils.parseaddr` finds one in the text, and the library `email-validator` judges it. Where the text has none, or several,
 * PyPI looks no further.
 *
 * @module
 */

/** Why PyPI would refuse the text, as a clause; undefined when it would not. */
export function mailProblem(text: string): string | undefined {
  const address = onlyAddress(text);
  const why = address === undefined || address === "" ? undefined : addressProblem(address);
  return why === undefined ? undefined : `"${address}" ${why}`;
}

/** What mail headers are made of: a quoted text, a domain in brackets, a special character, blanks, a word. */
const TOKEN =
  /"(?:\\[^]|[^"\\\r])*"?|\[(?:\\[^]|[^\]\\\r])*\]?|[<>@,:;.]|\s+|[^"\[\]<>@,:;.\s]+|[^]/g;

/** The one address of a text; undefined where there is none, or more than one. */
function onlyAddress(text: string): string | undefined {
  const plain = withoutComments(text);
  if (plain === undefined) return undefined;
  const tokens: readonly string[] = plain.match(TOKEN) ?? [];
  const opened = tokens.indexOf("<");
  const separator = tokens.findIndex((token) => token === "," || token === ";" || token === ":");
  if (opened >= 0 && (separator < 0 || separator > opened)) return routeAddress(tokens, opened);
  // Behind a comma stands another address, even an empty one.
  if (separator >= 0) {
    return separator === tokens.length - 1 && tokens.at(-1) === ","
      ? spec(tokens.slice(0, -1))
      : undefined;
  }
  return spec(tokens);
}

function routeAddress(tokens: readonly string[], opened: number): string | undefined {
  const closed = tokens.indexOf(">", opened);
  const behind = closed < 0 ? [] : tokens.slice(closed + 1).filter((token) => token.trim() !== "");
  if (behind.length > 0 && !(behind.length === 1 && tokens.at(-1) === ",")) return undefined;
  const before = tokens.slice(0, opened);
  // A name with an address in it is an address, and what follows it another one.
  if (before.includes("@")) return undefined;
  return spec(tokens.slice(opened + 1, closed < 0 ? undefined : closed));
}

/** An address from its tokens: without blanks around `.` and `@`, and empty where its domain is. */
function spec(tokens: readonly string[]): string | undefined {
  if (tokens.some((token) => /^[<>]/.test(token))) return undefined;
  const at = tokens.indexOf("@");
  if (at < 0) {
    // Python takes the first word for the address then.
    return tokens.find((token) => token.trim() !== "")?.replaceAll('"', "");
  }
  const domain = tokens.slice(at + 1).filter((token) => token.trim() !== "");
  if (domain.length === 0 || domain.some((token) => /^[@\[]/.test(token))) return "";
  const local = tokens.slice(0, at).join("").trim().replace(/\s*\.\s*/g, ".");
  return `${local}@${domain.join("")}`;
}

/** The text without its comments, which nest; undefined where parentheses do not match. */
function withoutComments(text: string): string | undefined {
  let depth = 0;
  let isQuoted = false;
  let kept = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\") {
      if (depth === 0) kept += text.slice(at, at + 2);
      at++;
      continue;
    }
    if (character === '"' && depth === 0) isQuoted = !isQuoted;
    if (!isQuoted && character === "(") depth++;
    else if (!isQuoted && character === ")") depth--;
    else if (depth === 0) kept += character;
    if (depth < 0) return undefined;
  }
  return depth === 0 ? kept : undefined;
}

const ATOM = "[\\w!#$%&'*+\\-/=?^`{|}~\\u0080-\\u{10ffff}]+";
const LOCAL = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, "u");
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;

/** Names that no mail reaches (email-validator, after IANA's registry of special-use domain names). */
const SPECIAL_USE = ["arpa", "invalid", "local", "localhost", "onion", "test"];

/** What is wrong with an address (the library email-validator, without a question to the DNS). */
function addressProblem(address: string): string | undefined {
  const at = address.lastIndexOf("@");
  if (at < 0) return "has no @";
  if (!LOCAL.test(address.slice(0, at))) return "has something before its @ that no address has";
  const domain = asciiDomain(address.slice(at + 1));
  const labels = domain?.split(".") ?? [];
  if (domain === undefined || !labels.every((label) => LABEL.test(label))) {
    return "has no domain behind its @";
  }
  if (labels.some((label) => /^(?!xn)..--/i.test(label))) return "has a domain that is reserved";
  if (labels.length < 2 || !/[a-z]$/i.test(domain)) return "has no top-level domain";
  if (SPECIAL_USE.includes(labels.at(-1)!.toLowerCase())) {
    return `has a domain of special use: .${labels.at(-1)}`;
  }
  const isLong = address.length > 254 || domain.length > 253 ||
    labels.some(({ length }) => length > 63);
  return isLong ? "is too long" : undefined;
}

function asciiDomain(domain: string): string | undefined {
  if (/^[\x21-\x7e]*$/.test(domain)) return domain;
  // The URL parser spells other letters in ASCII (UTS #46).
  return /[\s/?#@:%\\[\]]/.test(domain) ? undefined : URL.parse(`http://${domain}`)?.hostname;
}
