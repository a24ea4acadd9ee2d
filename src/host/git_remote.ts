/**
 * The remote that tags are pushed to: where it is, and what its refusals mean. Its words are sorted into failures that can
 * be mended.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Failure } from "../error.ts";
import type { FailureCode } from "../failure_codes.ts";
import { secretsOfAddress } from "../secret/known.ts";
import type { Git } from "./git.ts";
import { withoutUsers } from "./loopback.ts";

/** The remote that tags are pushed to. */
export interface Remote {
  /** Its name in git's configuration. */
  readonly name: string;
  /** Where pushes go, after `pushurl` and `insteadOf`. May hold a credential: never print it. */
  readonly url: string;
  /** What reads name: the remote, or the push address where git reads and pushes at different places. */
  readonly source: string;
}

/** The remote of a name; undefined when the repository has none of that name. */
export async function findRemote(git: Git, name: string): Promise<Remote | undefined> {
  const push = await git.run(["remote", "get-url", "--push", name], { accept: [0, 2] });
  if (push.code === 2) return undefined;
  const url = Buffer.from(push.stdout).toString().trim();
  const read = (await git.text(["remote", "get-url", name])).trim();
  for (const secret of secretsOfAddress(`${url} ${read}`)) git.vault?.add(secret);
  return { name, url, source: read === url ? name : url };
}

interface Refusal {
  readonly words: RegExp;
  readonly code: FailureCode;
  readonly hint: string;
}

/** The first that fits counts: GitHub's refusal of workflow files comes with the number of a ruleset violation too. */
const REFUSALS: readonly Refusal[] = [
  {
    // "refusing to allow a GitHub App to create or update workflow `…` without `workflows` permission", or
    // "Unable to determine if workflow can be created or updated due to timeout".
    words:
      /refusing to allow .* workflow|without [`'"]?workflows?[`'"]? (?:permission|scope)|Unable to determine if workflow/i,
    code: "PIOT_TAG_WORKFLOWS",
    hint:
      "GitHub does not let this token bring in workflow files that differ from the branches'; push the tag with a token that has the Workflows permission, or by hand, then run again from the same commit",
  },
  {
    words: /returned error: 30[12378]\b/,
    code: "PIOT_TAG_MOVED",
    hint:
      "The remote leads elsewhere: if the repository was renamed, set its new address with `git remote set-url`; else check what stands between here and there",
  },
  {
    words:
      /GH0(?:06|13)\b|creations being restricted|repository rule violations|protected (?:ref|tag)/i,
    code: "PIOT_TAG_RULESET",
    hint:
      "A rule of the repository forbids this tag to this credential; push with the token of a GitHub App that may bypass it (the app of GITHUB_TOKEN cannot be let through), or exempt the tag's pattern",
  },
  {
    words:
      /could not read (?:Username|Password)|Authentication failed|Permission denied \(|terminal prompts disabled|Invalid username or|returned error: 401|Host key verification failed/i,
    code: "PIOT_TAG_CREDENTIAL",
    hint:
      "In GitHub Actions keep persist-credentials of actions/checkout on, or give GITHUB_TOKEN to the step; elsewhere set up git's own credentials for the remote",
  },
  {
    words:
      /returned error: 403|Permission to .* denied|Write access to repository not granted|archived so it is read-only|denied to/i,
    code: "PIOT_TAG_PERMISSION",
    hint:
      "Give the publish job `permissions: contents: write`, or use a credential that may push to this repository",
  },
  {
    words:
      /does not appear to be a git repository|repository .*not found|Could not resolve host|Could not read from remote repository|unable to access|Connection (?:refused|reset|timed out)|hung up unexpectedly|RPC failed|early EOF|not valid: is this a git repository/i,
    code: "PIOT_TAG_REMOTE",
    hint:
      "Check `git remote -v`, the network, and that the credential may see the repository; then run again from the same commit",
  },
];

const OTHER = {
  code: "PIOT_TAG_REFUSED",
  hint: "Read the remote's words above; mend that, and run again from the same commit",
} as const;

/** The failure for what git and the remote said, after `what`, such as `Cannot push tag "x" to "origin"`. */
export function remoteFailure(what: string, stderr: string): Failure {
  const words = legible(stderr);
  const { code, hint } = REFUSALS.find((refusal) => refusal.words.test(words)) ?? OTHER;
  return new Failure(code, `${what}: ${words || "git did not say why"}`, { hint });
}

const MOST_LINES = 8;

/** A remote's words as one line: no control characters, no credential of an address, no advice about branches. */
function legible(stderr: string): string {
  const lines = withoutUsers(stderr).replace(/\r/g, "\n").split("\n").map((line) =>
    // deno-lint-ignore no-control-regex
    line.replace(/^(?:remote|error|fatal): /, "").replace(/[\u0000-\u001f\u007f-\u009f]/g, " ")
      .trim()
  );
  const words = lines.filter((line) => line !== "" && !line.startsWith("hint:"));
  return words.slice(-MOST_LINES).join("; ");
}
