/**
 * Files that hold credentials, told by their names: they lie in a folder for a tool's or a person's own use, and an archive
 * takes them along unasked. Some names say little, and there the content decides.
 *
 * @module
 */

/** A member of an archive that looks like a credential. */
export interface CredentialFile {
  /** Its path in the archive. */
  readonly path: string;
  /** What it looks like: "an environment file". */
  readonly what: string;
}

interface Rule {
  readonly what: string;
  /** Matches the path in lower case, `/`-separated. */
  readonly path: RegExp;
  /** Matches paths that are fine all the same. */
  readonly but?: RegExp;
  /** Whether the content may show that it is public. */
  readonly mayBePublic?: true;
}

/** A name at any depth. */
function named(name: string): RegExp {
  return new RegExp(`(?:^|/)(?:${name})$`);
}

const RULES: readonly Rule[] = [
  // The samples are there to be copied, and hold no secret.
  {
    what: "an environment file",
    path: named("\\.env[^/]*"),
    but: named("\\.env(?:[._-][^/]*)?[._-](?:example|sample|template|dist)"),
  },
  { what: "npm's settings, which hold its token", path: named("\\.npmrc") },
  { what: "PyPI's settings, which hold its token", path: named("\\.pypirc") },
  { what: "passwords of hosts", path: named("[._]netrc") },
  { what: "git's saved passwords", path: named("\\.git-credentials") },
  { what: "a repository's own data", path: /(?:^|\/)\.git(?:\/|$)/ },
  {
    what: "a private key of SSH",
    path: named("id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:_sk)?(?:[._-][^/]*)?"),
    but: /\.pub$/,
  },
  { what: "SSH's own folder", path: /(?:^|\/)\.ssh\//, but: /\.pub$/ },
  { what: "GnuPG's own folder", path: /(?:^|\/)\.gnupg\// },
  { what: "a key, or a certificate with its key", path: named("[^/]*\\.(?:p12|pfx|p8|ppk)") },
  { what: "a store of keys", path: named("[^/]*\\.(?:jks|keystore|kdbx)") },
  { what: "a private key", path: named("[^/]*\\.(?:pem|key)"), mayBePublic: true },
  { what: "cargo's token", path: named("credentials\\.toml|\\.cargo/credentials") },
  { what: "keys of AWS", path: named("\\.aws/credentials") },
  { what: "passwords of registries", path: named("\\.docker/config\\.json|\\.dockercfg") },
  { what: "a key of Kubernetes", path: named("\\.kube/config") },
  { what: "a token of GitHub", path: named("\\.config/gh/hosts\\.yml") },
  { what: "a key of Google Cloud", path: named("application_default_credentials\\.json") },
  { what: "passwords of databases", path: named("\\.pgpass|\\.my\\.cnf") },
  { what: "passwords of a web server", path: named("\\.htpasswd") },
  { what: "a token of Vault", path: named("\\.vault-token") },
];

/**
 * A path as whoever unpacks it may end up with it: Windows drops dots and blanks at the end of a name and takes `\` for a
 * separator, file systems fold case and forms of a letter, and HFS+ passes over characters that nobody sees.
 */
function plainly(path: string): string {
  const visible = path.replace(/\p{Default_Ignorable_Code_Point}/gu, "").normalize("NFKC");
  const parts = visible.split(/[/\\]/).map((part) =>
    /^\.{1,2}$/.test(part) ? part : part.replace(/[. ]+$/, "")
  );
  return parts.filter((part) => part !== "" && part !== ".").join("/").toLowerCase();
}

function ruleFor(path: string): Rule | undefined {
  const plain = plainly(path);
  return RULES.find((rule) => rule.path.test(plain) && rule.but?.test(plain) !== true);
}

/** Certificates of authorities come by the hundred; what is larger than this, in bytes, is not looked into. */
export const MOST_LOOKED_INTO: number = 4 * 2 ** 20;

/** Whether a file's content decides, so that it has to be read. */
export function isLookedInto({ path, size }: { path: string; size: number }): boolean {
  if (size > MOST_LOOKED_INTO) return false;
  const rule = ruleFor(path);
  return rule === undefined ? /\.json$/.test(plainly(path)) : rule.mayBePublic === true;
}

/** What a file looks like when it looks like a credential; `text` is its content, where that decides. */
export function judgeFile(path: string, text?: string): CredentialFile | undefined {
  const rule = ruleFor(path);
  if (rule !== undefined) {
    const isPublic = rule.mayBePublic === true && text !== undefined && isPublicPem(text);
    return isPublic ? undefined : { path, what: rule.what };
  }
  if (text === undefined || !isServiceAccount(text)) return undefined;
  return { path, what: "the key of a service account" };
}

/** Labels of RFC 7468 and of OpenSSL that keep nothing secret. */
const PUBLIC =
  /^(?:(?:TRUSTED |X509 )?CERTIFICATE|(?:NEW )?CERTIFICATE REQUEST|X509 CRL|(?:RSA |EC )?PUBLIC KEY|(?:DH|EC|X9\.42 DH) PARAMETERS)$/;

/** Whether a text is made of certificates, public keys and the like, with whatever words around them. */
function isPublicPem(text: string): boolean {
  const labels = [...text.matchAll(/-----BEGIN ([^-]*)-----/g)].map(([, label]) => label!);
  return labels.length > 0 && labels.every((label) => PUBLIC.test(label)) &&
    !/PRIVATE KEY/i.test(text);
}

/** As Google Cloud hands them out (google.auth, "service account credentials"). */
function isServiceAccount(text: string): boolean {
  if (!text.includes("service_account") || !text.includes("private_key")) return false;
  try {
    const { type, private_key: key } = JSON.parse(text.replace(/^\uFEFF/, "")) ?? {};
    return type === "service_account" && typeof key === "string";
  } catch {
    return false;
  }
}

/** Whether a path is one of those that somebody wrote out, letter by letter. Patterns and folders name no file. */
export function isNamed(path: string, names: Iterable<string>): boolean {
  const wanted = spelled(path);
  return [...names].some((name) => spelled(name) === wanted);
}

function spelled(path: string): string {
  return path.normalize("NFC").replace(/^(?:\.?\/)+/, "");
}
