/**
 * In which situation a run has ended, by its code: one for each code of the closed set, so that no run ends without a way
 * out. `docs/recovery.md` has a section for each.
 *
 * @module
 */

import type { FailureCode } from "../failure_codes.ts";

/** What a run may end in; also the anchor of its section in `docs/recovery.md`. */
export type Situation =
  | "run-again"
  | "workflow"
  | "credential"
  | "proof"
  | "artifacts"
  | "commit"
  | "version-taken"
  | "tag-elsewhere"
  | "older-commit"
  | "untagged"
  | "unconfirmed"
  | "interrupted"
  | "asked";

/** Codes by the situation that they tell of. */
const CODES: Readonly<Record<Exclude<Situation, "unconfirmed">, string>> = {
  "run-again": `GIT NETWORK ANSWER_TOO_LARGE ANSWER_TOO_SLOW ANSWER_BROKEN ANSWER_REDIRECTED
    REGISTRY_BUSY REGISTRY_UNKNOWN REGISTRY_REFUSED PROVENANCE_SIGNING PROJECT_CLOSED CRATES_DEPENDENCY
    TAG_REMOTE TAG_RULESET TAG_REFUSED TAG_WORKFLOWS GITHUB_RULESET GITHUB_TAG_MISSING GITHUB_TAG_SPENT
    GITHUB_BUSY GITHUB_REFUSED GITHUB_UNKNOWN FILE_UNREADABLE FILE_UNWRITABLE FILE_BORROWED FILE_CHANGED
    STALLED`,
  workflow:
    `OIDC_UNAVAILABLE SHALLOW_CLONE TREELESS_CLONE NOT_A_REPOSITORY NO_COMMIT PROGRAM_MISSING
    RUNNER_FILE OUTPUTS_TOO_LARGE URL_INSECURE SETTINGS_COMMITTED PROVENANCE_IDENTITY PROVENANCE_RUNNER
    TAG_PERMISSION TAG_MOVED GITHUB_PERMISSION GITHUB_MOVED GITHUB_WORKFLOWS`,
  credential: `AUTH_MISSING AUTH_REFUSED OIDC_REFUSED CRATES_TRUSTPUB_ONLY TAG_CREDENTIAL
    GITHUB_CREDENTIAL`,
  proof: "TRUST_DOWNGRADE",
  artifacts: "ARTIFACT_MISSING",
  commit: `CONFIG_MISSING CONFIG_EXISTS CONFIG_SYNTAX CONFIG_INVALID CONFIG_UNKNOWN_KEY CONFIG_CYCLE
    CONFIG_TAG_CLASH TARGET_UNKNOWN TRAILER_INVALID TRAILER_UNKNOWN_PACKAGE ARTIFACT_INVALID
    CREDENTIAL_FILE BINARY_MISMATCH DIRTY_TREE CARGO CRATES_MANIFEST CRATES_SHARED_VERSION
    CRATES_UNPUBLISHABLE CRATES_NAME_TAKEN NPM_MANIFEST NPM_PRIVATE NPM_WORKSPACE NPM_ACCESS
    PROVENANCE_REPOSITORY PROVENANCE_VISIBILITY PROVENANCE_ACCESS PYPROJECT_INVALID VERSION_UNMAPPABLE`,
  "version-taken": `VERSION_TAKEN NPM_UNPUBLISHED RELEASE_CLOSED RELEASE_MIXED COMMIT_ELSEWHERE
    RELEASE_REQUEST_VERSION_TAKEN`,
  "tag-elsewhere": "TAG_ELSEWHERE TAG_BLOCKED RELEASED_ELSEWHERE",
  "older-commit": "RELEASE_HALF",
  untagged: "UNTAGGED_HISTORY",
  interrupted: "INTERRUPTED",
  asked:
    `USAGE NO_WORK RECOVER_REFUSED PLAN_INVALID PLAN_STALE COMMIT_UNKNOWN REHEARSAL_KIND RELEASE_REQUEST_INVALID
    RELEASE_REQUEST_CONFLICT RELEASE_REQUEST_UNKNOWN_PACKAGE RELEASE_REQUEST_UNMATCHED
    RELEASE_REQUEST_LOCKSTEP`,
};

/** The situation of each code; `PIOT_SEVERAL_PROBLEMS` is in those of its problems. */
export const SITUATION_OF: ReadonlyMap<string, Situation> = new Map(
  Object.entries(CODES).flatMap(([situation, codes]) =>
    codes.split(/\s+/).map((code): [string, Situation] => [`PIOT_${code}`, situation as Situation])
  ),
);

/** Where a failure with this code leaves its user. A code that nobody has sorted is one to run again after. */
export function situationOf(code: FailureCode): Situation {
  return SITUATION_OF.get(code) ?? "run-again";
}
