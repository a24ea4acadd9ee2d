/**
 * What checks look at: everything that was read, before anything is judged.
 *
 * @module
 */

import type { Location } from "../../error.ts";
import type { Config } from "../model/config.ts";
import type { Package } from "../model/package.ts";
import type { MatrixRow } from "../model/plan.ts";
import type { Found } from "./finding.ts";
import type { CredentialSources } from "./credential_sources.ts";
import type { LocalActions } from "./local_actions.ts";
import type { OwnPlace, Unfollowed } from "./own_places.ts";
import type { OnlineFacts } from "./online_facts.ts";
import type { ManifestFacts } from "./manifest_facts.ts";
import type { Job, Workflow, WorkflowFile } from "./workflow.ts";

/** What the configuration says, and where. */
export interface DeclaredConfig extends Pick<Config, "packages" | "kinds"> {
  /** The file, relative to the folder that piot runs in. */
  readonly file: string;
  /** Where a key of a package stands; where it is not written, its table. `policy` keys are those of `[package.trust_policy]`. */
  readonly place: (pkg: Package, ...key: readonly string[]) => Location;
  /** The rows of a plan that ships everything. */
  readonly rows: readonly MatrixRow[];
}

/** What a run of GitHub Actions says of itself; undefined outside one. */
export interface RunFacts {
  /** `owner/name`. */
  readonly repository: string | undefined;
  /** The path of the workflow file that was started: `.github/workflows/release.yml`. */
  readonly workflow: string | undefined;
  /** `push`, `pull_request`, …; empty when it is not known. */
  readonly event: string;
}

/** Everything that was read. */
export interface DoctorFacts {
  /** Undefined where it does not load. */
  readonly config: DeclaredConfig | undefined;
  /** Why it does not. */
  readonly configProblems: readonly Found[];
  readonly files: readonly WorkflowFile[];
  readonly workflows: readonly Workflow[];
  readonly actions: LocalActions;
  readonly places: readonly OwnPlace[];
  readonly unfollowed: readonly Unfollowed[];
  /** By the names of packages. */
  readonly manifests: ReadonlyMap<string, ManifestFacts>;
  readonly credentials: CredentialSources;
  /** Undefined where nobody was asked. */
  readonly online: OnlineFacts | undefined;
  readonly run: RunFacts | undefined;
  /** `owner/name`, by the run or by the git remote. */
  readonly repository: string | undefined;
}

/** Places that publish, or may: what only a run knows is counted. */
export function publishPlaces({ places }: Pick<DoctorFacts, "places">): readonly OwnPlace[] {
  return places.filter(({ command, dryRun }) =>
    (command === "publish" || command === undefined) && dryRun !== "yes"
  );
}

/** Jobs that publish, each once for every job that leads there. */
export function publishJobs(facts: Pick<DoctorFacts, "places">): readonly OwnPlace[] {
  const seen = new Map<Job, Set<Job>>();
  return publishPlaces(facts).filter(({ in: { job }, top }) => {
    const tops = seen.get(job) ?? new Set();
    seen.set(job, tops);
    return !tops.has(top.job) && tops.add(top.job) !== undefined;
  });
}
