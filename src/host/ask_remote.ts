/**
 * Asks the remote for its branches and tags, and takes nothing for an answer but its own list. git believes whatever it is
 * led to: an empty answer of a foreign server would read as "no tags".
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Failure } from "../error.ts";
import type { Git } from "./git.ts";
import { type Remote, remoteFailure } from "./git_remote.ts";
import type { Env } from "./host.ts";

/** A question to a remote. */
export interface RemoteQuestion {
  readonly remote: Remote;
  /** Credentials and settings, see `pushEnvironment()`. */
  readonly env: Env;
}

const BOUNDS = { milliseconds: 5 * 60_000, bytes: 256 * 2 ** 20 };

/**
 * The remote's list: `<id>\t<ref>` lines, with a `^{}` line for what an annotated tag stands for. Throws
 * `PIOT_TAG_MOVED` when the remote leads elsewhere, and other `PIOT_TAG_…` failures when it cannot be read.
 */
export async function askRemote(git: Git, question: RemoteQuestion): Promise<string> {
  const { remote } = question;
  const what = `Cannot read the tags of "${remote.name}"`;
  const result = await listRefs(git, question);
  if (result.passed !== undefined) {
    const found = result.passed === "milliseconds"
      ? `it had not answered after ${BOUNDS.milliseconds / 60_000} minutes`
      : `its list has more than ${BOUNDS.bytes} bytes`;
    throw new Failure("PIOT_TAG_REMOTE", `${what}: ${found}`, { hint: WAY_THERE });
  }
  if (result.code !== 0) {
    throw await redirectOf(git, { ...question, what, stderr: result.stderr }) ??
      remoteFailure(what, result.stderr);
  }
  const list = Buffer.from(result.stdout).toString();
  if (!/^(?:[0-9a-f]{40,64}\t\S+\n)*$/.test(list)) throw noList(what);
  if (list === "") await requireGit(git, { ...question, what });
  return list;
}

function noList(what: string): Failure {
  const found = "what answers there has no list of branches and tags";
  return new Failure("PIOT_TAG_REMOTE", `${what}: ${found}`, { hint: WAY_THERE });
}

const WAY_THERE =
  "Check `git remote -v` and what stands between here and there, such as a proxy; then run again from the same commit";

/** What curl and git say to each other and to the server, without credentials (git(1), GIT_TRACE_REDACT). */
const TRACED: Env = {
  GIT_TRACE_CURL: "1",
  GIT_TRACE_CURL_NO_DATA: "1",
  GIT_TRACE_PACKET: "1",
  GIT_TRACE_REDACT: "1",
};

type Listed = Awaited<ReturnType<Git["run"]>>;

function listRefs(git: Git, { remote, env }: RemoteQuestion): Promise<Listed> {
  const args = ["ls-remote", "--heads", "--tags", "--", remote.source];
  return git.run(args, { env, accept: [0, 1, 128], bounds: BOUNDS });
}

interface Explained extends RemoteQuestion {
  /** What could not be done. */
  readonly what: string;
}

/** The failure of a remote that leads elsewhere; undefined for any other. */
async function redirectOf(
  git: Git,
  { what, stderr, ...question }: Explained & { readonly stderr: string },
): Promise<Failure | undefined> {
  if (!/returned error: 30[12378]/.test(stderr)) return undefined;
  const { env, remote } = question;
  const traced = await listRefs(git, { ...question, env: { ...env, ...TRACED } });
  const location = /Recv header: location: *(\S+)/i.exec(traced.stderr)?.[1];
  return moved(what, { remote, location });
}

/** Tells where a remote leads; what comes behind the repository's own address is git's. */
function moved(
  what: string,
  { remote, location = "" }: { readonly remote: Remote; readonly location: string | undefined },
): Failure {
  const from = URL.canParse(remote.url) ? new URL(remote.url) : undefined;
  const to = from !== undefined && URL.canParse(location, from)
    ? new URL(location, from)
    : undefined;
  if (from === undefined || to === undefined) {
    const found = "it leads elsewhere, and does not say where to";
    return new Failure("PIOT_TAG_MOVED", `${what}: ${found}`, { hint: WAY_THERE });
  }
  // A server may say so only to the second question, which goes to git-upload-pack (gitprotocol-http(5)).
  const path = to.pathname.replace(/\/(?:info\/refs|git-(?:upload|receive)-pack)$/, "");
  const place = `${to.protocol}//${to.host}${path}`;
  const mend = `git remote set-url ${remote.name} ${place}`;
  return to.origin === from.origin
    ? new Failure("PIOT_TAG_MOVED", `${what}: the repository was renamed or moved to ${place}`, {
      hint:
        `Run \`${mend}\` (in a job, check the repository out under its new name), then run again`,
    })
    : new Failure("PIOT_TAG_MOVED", `${what}: it leads to another server: ${place}`, {
      hint:
        `No credential and no question goes there. If the repository has moved, run \`${mend}\`; else check what stands between here and there`,
    });
}

/** Throws for an empty answer over HTTP that does not come from git: an empty repository says that it is one. */
async function requireGit(git: Git, { what, ...question }: Explained): Promise<void> {
  const { env, remote } = question;
  if (!/^https?:/i.test(remote.url)) return;
  const { stderr } = await listRefs(git, { ...question, env: { ...env, ...TRACED } });
  if (/packet: +git< (?:# service=git-upload-pack|version [12])/.test(stderr)) return;
  throw noList(what);
}
