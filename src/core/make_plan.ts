/**
 * The planner: from facts to the plan. Pure: same facts, same plan, whatever order tags and files come in.
 *
 * @module
 */

import { combineFailures, Failure } from "../error.ts";
import { countTrailers, largestBump } from "./bump.ts";
import { decide, type Decisions } from "./decide.ts";
import type { Facts } from "./facts.ts";
import { matrixRows, plannedArtifacts } from "./matrix.ts";
import type { Package } from "./package.ts";
import type { Bump, LeftOut, Plan, PlannedPackage, Reason } from "./plan.ts";
import { planWarnings } from "./plan_warnings.ts";
import { pypiVersion } from "./pypi/version.ts";
import { renderTag } from "./tag.ts";
import { bumpVersion } from "./version.ts";

/** A version, and what was raised to get there; null when it is the first one or spelled out. */
interface NextVersion {
  readonly version: string;
  readonly bump: Bump | null;
}

/**
 * Plans. Throws what is wrong with HEAD's trailer (`PIOT_TRAILER_…`), with the releases asked for
 * (`PIOT_RELEASE_REQUEST_…`) and with versions that PyPI cannot express (`PIOT_VERSION_UNMAPPABLE`), all in one go.
 */
export function makePlan(facts: Facts): Plan {
  const decisions = decide(facts);
  const failures = [...decisions.failures];
  const counted = countTrailers(facts, decisions);
  const packages: PlannedPackage[] = [];
  const left: LeftOut[] = [];
  const matrix = [];
  for (const one of facts.config.packages) {
    const decision = decisions.byName.get(one.name)!;
    if (!decision.ships) {
      left.push({ name: one.name, reason: decision.reason });
      continue;
    }
    const raise = largestBump(counted.byName.get(one.name) ?? []);
    const next = nextVersion(one, decisions, raise);
    failures.push(...versionFailures(one, next.version));
    const planned = planOne(one, { next, decisions, reason: decision.reason });
    packages.push(planned);
    matrix.push(...matrixRows(one, planned));
  }
  if (failures.length > 0) throw combineFailures(failures);
  const warnings = planWarnings(facts, { decisions, packages, counted });
  return { schema: 1, head: facts.head.id, packages, left_out: left, warnings, matrix };
}

function nextVersion(one: Package, decisions: Decisions, raise: Bump): NextVersion {
  const request = decisions.requests?.get(one.name);
  if (request?.version !== undefined) return { version: request.version, bump: null };
  const last = decisions.releases.get(one.name)!.last;
  if (last === undefined) return { version: one.firstVersion, bump: null };
  const bump = request?.bump ?? raise;
  return { version: bumpVersion(last.version, bump), bump };
}

function versionFailures(one: Package, version: string): readonly Failure[] {
  if (one.kind !== "pypi") return [];
  try {
    pypiVersion(version);
    return [];
  } catch (error) {
    if (error instanceof Failure) return [error];
    throw error;
  }
}

function planOne(
  one: Package,
  parts: {
    readonly next: NextVersion;
    readonly decisions: Pick<Decisions, "releases">;
    readonly reason: Reason;
  },
): PlannedPackage {
  const { version, bump } = parts.next;
  return {
    name: one.name,
    kind: one.kind,
    registry_name: one.registryName,
    path: one.path,
    version,
    previous: parts.decisions.releases.get(one.name)?.last?.version ?? null,
    bump,
    tag: renderTag(one, version),
    depends_on: one.dependsOn,
    reason: parts.reason,
    artifacts: plannedArtifacts(one),
  };
}

/** The plan as the document that `plan --json` prints: one line for each key of the top, and a newline at the end. */
export function planJson(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}
