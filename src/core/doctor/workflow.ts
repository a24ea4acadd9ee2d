/**
 * A workflow, as far as a release depends on it.
 *
 * @module
 */

import type { Location } from "../../error.ts";
import type { Found } from "./finding.ts";
import type { Yaml } from "./yaml_tree.ts";

/** A text, and where it stands. */
export interface Placed {
  readonly text: string;
  readonly at: Location;
}

/** What a job may do, as one `permissions:` says. */
export interface Permissions {
  readonly at: Location;
  /** What a scope that is not named has; `unknown` where the whole is no permissions that GitHub knows. */
  readonly others: "none" | "read" | "write" | "unknown";
  readonly scopes: ReadonlyMap<string, Placed>;
}

/** A step of a job or of a composite action. */
export interface Step {
  readonly at: Location;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly uses: Placed | undefined;
  readonly run: Placed | undefined;
  readonly if: Placed | undefined;
  readonly with: ReadonlyMap<string, Placed>;
  readonly env: ReadonlyMap<string, Placed>;
  readonly continueOnError: Placed | undefined;
  /** Whether other steps run beside it: `background: true`, or a place below `parallel:`. */
  readonly isBeside: boolean;
}

/** A job. */
export interface Job {
  readonly id: string;
  readonly at: Location;
  /** The whole of it, for what is asked once. */
  readonly raw: Yaml;
  readonly needs: readonly Placed[];
  readonly if: Placed | undefined;
  readonly permissions: Permissions | undefined;
  /** Its name; an empty text where the environment is there and has none. */
  readonly environment: Placed | undefined;
  /** Labels of its runner; of a group, its name too. */
  readonly runsOn: readonly Placed[];
  readonly env: ReadonlyMap<string, Placed>;
  readonly concurrency: Yaml | undefined;
  readonly continueOnError: Placed | undefined;
  readonly container: Yaml | undefined;
  readonly steps: readonly Step[];
  /** The workflow that it calls. */
  readonly uses: Placed | undefined;
}

/** A workflow file that could be read. */
export interface Workflow {
  /** The file, relative to the folder that piot runs in. */
  readonly file: string;
  /** Its path from the top of the repository: `.github/workflows/release.yml`. */
  readonly path: string;
  readonly source: string;
  readonly raw: Yaml;
  /** Events that start it, with what is said of each. */
  readonly triggers: ReadonlyMap<string, Yaml | undefined>;
  readonly triggersAt: Location;
  readonly permissions: Permissions | undefined;
  readonly env: ReadonlyMap<string, Placed>;
  readonly concurrency: Yaml | undefined;
  readonly jobs: readonly Job[];
}

/** A workflow file: read, or what stands against reading it. */
export interface WorkflowFile {
  readonly file: string;
  readonly path: string;
  readonly workflow: Workflow | undefined;
  readonly problems: readonly Found[];
}

/** Whether a text's value is only known to a run. */
export function isExpression(text: string): boolean {
  return text.includes("${{");
}

/** The bare name of a workflow file: `.github/workflows/release.yml` → `release.yml`. */
export function bareName(path: string): string {
  return path.split("/").at(-1)!;
}
