/**
 * Secrets that are known by where they stand: in variables of the environment, in addresses, in headers of requests.
 *
 * @module
 */

/** Variables that hold a secret, whatever it looks like: what piot reads itself. */
const READ: ReadonlySet<string> = new Set([
  "CARGO_REGISTRY_TOKEN",
  "CRATES_IO_DOCTOR_TOKEN",
  "PYPI_API_TOKEN",
  "NODE_AUTH_TOKEN",
  "NPM_TOKEN",
  "GITHUB_TOKEN",
  "GH_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  "ACTIONS_RUNTIME_TOKEN",
  "NPM_ID_TOKEN",
  "PYPI_ID_TOKEN",
  "SIGSTORE_ID_TOKEN",
]);

/** How variables are called that hold one: other tools' tokens are in reach of what we print, too. */
const NAMED =
  /(?:^|_|:)(?:\w*TOKENS?|\w*SECRETS?|\w*PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|(?:API|ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION|DEPLOY|SSH)_?KEY|APIKEY|AUTH|AUTHTOKEN|JWT|PAT|OTP|COOKIE)$/i;

/** What such a variable holds as well: a switch, a number, a path, an address, the placeholder of `actions/setup-node`. */
const NO_SECRET =
  /^(?:true|false|yes|no|on|off|null|undefined|none|\d{1,5}|[~/.].*|[A-Za-z]:[\\/].*|\w+:\/\/\S*|X{5}(?:-X{5}){3})$/i;

/** The variables of an environment that hold a secret, by their names. */
export function secretVariables(
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return Object.entries(env).filter((entry) => isSecret(entry)).map(([name]) => name);
}

function isSecret([name, value = ""]: readonly [string, string | undefined]): boolean {
  if (value.trim() === "") return false;
  return READ.has(name) || (NAMED.test(name) && !NO_SECRET.test(value.trim()));
}

/** Every secret that an environment holds. */
export function secretsOfEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || value.trim() === "") return [];
    const own = isSecret([name, value]) ? [value] : [];
    return [...own, ...secretsOfAddress(value), ...secretsOfHeaderLine(value)];
  });
}

/** The passwords of addresses in a text; and a user without one, which is a token: `https://TOKEN@host`. */
export function secretsOfAddress(text: string): readonly string[] {
  if (!text.includes("@")) return [];
  return [...text.matchAll(/:\/\/([^\s/:@]*)(?::([^\s/@]*))?@/g)].flatMap(
    ([, user = "", password]) => {
      const isToken = password === undefined || password === "" || password === "x-oauth-basic";
      const parts = isToken ? [user.length >= LONG_USER ? user : ""] : [password];
      return parts.filter((part) => part !== "").flatMap((part) => [part, decoded(part)]);
    },
  );
}

/** The credentials of a file of npm's settings; what stands for a variable is known from there. */
export function secretsOfNpmrc(text: string): readonly string[] {
  const lines = text.matchAll(/^\s*(?:\S+:)?(_authToken|_auth|_password)\s*=\s*(\S.*?)\s*$/gm);
  return [...lines].flatMap(([, key, value = ""]) => {
    const plain = value.replace(/^"(.*)"$/, "$1");
    if (plain.includes("${")) return [];
    // npm keeps passwords in base64 (@npmcli/config).
    return key === "_authToken" ? [plain] : secretsOfAuthorization(`Basic ${plain}`);
  });
}

/** What an address asks for with a token in its query: `?token=…`. */
export function secretsOfQuery(url: string): readonly string[] {
  return [...url.matchAll(/[?&](?:\w+_)?(?:token|secret|password|key)=([^&#\s]+)/gi)]
    .flatMap(([, value = ""]) => [value, decoded(value)]);
}

/** Names of people are shorter than tokens. */
const LONG_USER = 20;

/** What `AUTHORIZATION: basic …` bears, as git has it in its configuration. */
export function secretsOfHeaderLine(text: string): readonly string[] {
  const found = /^\s*(?:proxy-)?authorization:\s*(.+)$/i.exec(text)?.[1];
  return found === undefined ? [] : secretsOfAuthorization(found);
}

/** What an `Authorization` header bears: the token, and of `Basic` the password as well. */
export function secretsOfAuthorization(value: string): readonly string[] {
  const [, scheme = "", credential = ""] = /^\s*(?:([A-Za-z]+)\s+)?(\S[^]*?)\s*$/.exec(value) ?? [];
  if (scheme.toLowerCase() !== "basic") return [credential];
  const pair = fromBase64(credential);
  const password = pair?.slice(pair.indexOf(":") + 1) ?? "";
  return [credential, password].filter((secret) => secret !== "");
}

function fromBase64(text: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `https://user:password@host` without the password. */
export function bareAddresses(text: string): string {
  return text.replace(/:\/\/([^\s/:@"'<>\\]*):[^\s/@"'<>\\]+@/g, "://$1:***@");
}

/** `Authorization: Bearer …` without what it bears, however it is written and quoted. */
export function bareHeaders(text: string): string {
  // Looking for the letters first costs a tenth of what the pattern does, and there are none in most texts.
  if (!text.includes("uthorization") && !text.includes("UTHORIZATION")) return text;
  return text.replace(HEADER, "$1***");
}

const HEADER =
  /(authorization\\?["']?\s*[:=]\s*\\?["']?(?:basic|bearer|token)\s+)[A-Za-z0-9._~+/=-]{6,}/gi;
