/**
 * A plan that an earlier job made, as the command line names it, and the commit that it has to be of.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Plan } from "../core/model/plan.ts";
import { Failure } from "../error.ts";
import type { FailureCode } from "../failure_codes.ts";
import { readTextIfThere } from "../host/files.ts";
import type { Host } from "../host/host.ts";
import type { Workspace } from "./workspace.ts";

/** The commit that is checked out; undefined outside a git work tree and before the first commit. */
export async function headOf({ repository }: Workspace): Promise<string | undefined> {
  try {
    return (await repository()).head;
  } catch (error) {
    if (error instanceof Failure && WITHOUT_HISTORY.includes(error.code)) return undefined;
    throw error;
  }
}

const WITHOUT_HISTORY: readonly FailureCode[] = ["PIOT_NOT_A_REPOSITORY", "PIOT_NO_COMMIT"];

/**
 * The text of what `--plan` names: JSON, a file, or `-`; a plan itself is read like any other text, since whoever calls
 * the library may have changed it. Throws `PIOT_PLAN_INVALID` where there is none.
 */
export async function planText(
  host: Pick<Host, "cwd" | "stdin">,
  source: Plan | string,
): Promise<string> {
  if (typeof source !== "string") return JSON.stringify(source);
  if (source === "-") return await host.stdin();
  if (source.trimStart().startsWith("{")) return source;
  const text = await readTextIfThere(resolve(host.cwd, source));
  if (text !== undefined) return text;
  throw new Failure("PIOT_PLAN_INVALID", `Cannot use the plan: there is no file "${source}"`, {
    hint: "Give the JSON that `plan --json` printed, as a file or as text",
  });
}

/** The plan, if it is of this commit. Throws `PIOT_PLAN_STALE`. */
export function requireCurrent(plan: Plan, head: string | undefined): Plan {
  if (head === undefined || plan.head === head) return plan;
  throw new Failure(
    "PIOT_PLAN_STALE",
    `Cannot use the plan: it was made for commit ${
      plan.head ?? "none"
    }, and ${head} is checked out`,
    { hint: "Check out the commit of the plan, or plan again" },
  );
}
