/**
 * The past of a rehearsal: what the registries hold before the release begins. It is that of the tags. A package that was
 * released is there under the names, and for the targets, that the configuration had at its tag, and nothing else is: a
 * new platform, crate or name meets what it will really meet.
 *
 * @module
 */

import type { Package } from "../../core/model/package.ts";
import type { Plan, PlannedPackage } from "../../core/model/plan.ts";
import { renderTag } from "../../core/release/tag.ts";
import { Failure } from "../../error.ts";
import type { Host } from "../../host/host.ts";
import type { Event } from "../../report/report.ts";
import { plan as makePlan } from "../plan.ts";

/** Where the past is read from. */
export interface PastOptions {
  /** The host of the rehearsed runs. */
  readonly host: Host;
  /** Every declared package. */
  readonly packages: readonly Package[];
  readonly plan: Plan;
  /** The configuration file; `putitoutthere.toml` when undefined. */
  readonly config: string | undefined;
  readonly emit: (event: Event) => void;
}

/**
 * Every planned package that was released before, as it was then: its version is that of its last release. Where the configuration at a tag cannot tell (it has no
 * such package, or is none), a warning says so, and the release counts as made under today's names.
 */
export async function readPast(
  { host, packages, plan, config, emit }: PastOptions,
): Promise<readonly PlannedPackage[]> {
  const past: PlannedPackage[] = [];
  for (const planned of plan.packages) {
    const { name, previous } = planned;
    const declared = packages.find((pkg) => pkg.name === name);
    if (previous === null || declared === undefined) continue;
    const tag = renderTag(declared, previous);
    const found = await planAt(host, { tag, config, wish: `${name}@${previous}` });
    const earlier = found instanceof Failure
      ? undefined
      : found.packages.find((pkg) => pkg.name === name && pkg.kind === planned.kind);
    if (earlier === undefined) emit({ type: "warning", message: unread(name, { tag, found }) });
    past.push({ ...earlier ?? planned, version: previous });
  }
  return past;
}

async function planAt(
  host: Host,
  { tag, config, wish }: {
    readonly tag: string;
    readonly config: string | undefined;
    readonly wish: string;
  },
): Promise<Plan | Failure> {
  const options = config === undefined ? {} : { config };
  try {
    return await makePlan(host, { ...options, at: `refs/tags/${tag}`, release: [wish] });
  } catch (error) {
    if (error instanceof Failure && error.code !== "PIOT_INTERRUPTED") return error;
    throw error;
  }
}

function unread(
  name: string,
  { tag, found }: { readonly tag: string; readonly found: Plan | Failure },
): string {
  const why = found instanceof Failure ? found.message : `it declares no such package of its kind`;
  return `the configuration at ${tag} does not tell how ${name} was released (${why}): its past is ` +
    "made up from today's";
}
