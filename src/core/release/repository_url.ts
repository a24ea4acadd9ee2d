/**
 * Which GitHub repository an address means: the forms that git remotes take, read without asking anybody.
 *
 * @module
 */

/** A repository on a server. */
export interface RepositoryAddress {
  /** The server's host name, lower case, such as `github.com`; with its port for http and https where it has one. */
  readonly host: string;
  /** `owner/name`, as written. */
  readonly repository: string;
}

/**
 * Reads `https://host/owner/name.git`, `ssh://git@host:22/owner/name`, `git://…`, `git+https://…` and the scp form
 * `git@host:owner/name.git` (git-clone(1), GIT URLS). Undefined for paths and for addresses of any other depth.
 */
export function parseRepositoryUrl(url: string): RepositoryAddress | undefined {
  const trimmed = url.trim().replace(/^git\+/, "");
  const [, scheme, authority, path] = /^([a-z]+):\/\/(?:[^/@]*@)?([^/@]+)\/(.+)$/i.exec(trimmed) ??
    [];
  if (scheme !== undefined) return address({ scheme: scheme.toLowerCase(), authority, path });
  // A slash before the colon makes it a path; a single letter before it is a drive.
  const [, host, rest] = /^(?:[^/@:]+@)?([^/@:]{2,}):(?!\/\/)\/?(.+)$/.exec(trimmed) ?? [];
  return host === undefined ? undefined : address({ scheme: "ssh", authority: host, path: rest });
}

function address(
  { scheme, authority = "", path = "" }: {
    readonly scheme: string;
    readonly authority: string | undefined;
    readonly path: string | undefined;
  },
): RepositoryAddress | undefined {
  if (!["http", "https", "ssh", "git"].includes(scheme)) return undefined;
  const bare = path.replace(/[?#].*$/, "").replace(/\/+$/, "").replace(/\.git$/, "");
  if (!isRepositoryName(bare)) return undefined;
  // The port of ssh and git says nothing about the web address.
  const host = /^https?$/.test(scheme) ? authority : authority.replace(/:\d+$/, "");
  return { host: plainHost(host.toLowerCase()), repository: bare };
}

/** `www.` is the same site, and `ssh.github.com` is GitHub's ssh on the port of https. */
function plainHost(host: string): string {
  return host === "ssh.github.com" ? "github.com" : host.replace(/^www\./, "");
}

function isRepositoryName(text: string): boolean {
  return /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/.test(text) && !/(^|\/)\.{1,2}(\/|$)/.test(text);
}

/** What tells which GitHub repository a run works for. */
export interface RepositoryFacts {
  /** `GITHUB_REPOSITORY`. */
  readonly declared?: string | undefined;
  /** `GITHUB_SERVER_URL`; `https://github.com` by default. */
  readonly server?: string | undefined;
  /** The address of the git remote. */
  readonly remoteUrl?: string | undefined;
}

/** `owner/name` of the run's repository: what Actions declares, else what the remote says when it is on the server. */
export function repositoryOfRun(facts: RepositoryFacts): string | undefined {
  const { declared = "", server, remoteUrl = "" } = facts;
  if (isRepositoryName(declared)) return declared;
  const remote = parseRepositoryUrl(remoteUrl);
  return remote?.host === hostOf(server || "https://github.com") ? remote?.repository : undefined;
}

function hostOf(server: string): string {
  return server.replace(/^[a-z]+:\/\//i, "").replace(/\/.*$/, "").toLowerCase();
}
