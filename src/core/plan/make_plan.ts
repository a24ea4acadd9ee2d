/**
 * The planner: from facts to the plan. Pure: same facts, same plan, whatever order tags and files come in.
 *
 * @module
 */

import { combineFailures } from "../../error.ts";
import { type CountedTrailers, countTrailers, largestBump } from "./bump.ts";
import { decide, type Decisions } from "./decide.ts";
import type { Facts } from "../model/facts.ts";
import { rulesOf } from "../model/kind.ts";
import { groupsOf, type GroupVersion, groupVersion, membersOf } from "./lockstep.ts";
import { matrixRows, planPackage, versionFailures } from "./planned_package.ts";
import type { Package } from "../model/package.ts";
import type { Bump, LeftOut, MatrixRow, Plan, PlannedPackage } from "../model/plan.ts";
import { planWarnings } from "./plan_warnings.ts";
import { tagJudge } from "./tag_judge.ts";
import { bumpVersion } from "../model/version.ts";

/**
 * Plans; whoever has decided already, to know what to read of history, hands the decisions on. Throws what is wrong with
 * HEAD's trailer (`PIOT_TRAILER_…`), with the releases asked for (`PIOT_RELEASE_REQUEST_…`), with versions that PyPI cannot express (`PIOT_VERSION_UNMAPPABLE`), and with tags that
 * cannot be made (`PIOT_RELEASED_ELSEWHERE`, `PIOT_TAG_…`), all in one go.
 */
export function makePlan(facts: Facts, decisions: Decisions = decide(facts)): Plan {
  const counted = countTrailers(facts, decisions);
  const groups = groupVersions(facts, decisions, counted);
  const failures = [...decisions.failures];
  const failuresOfTag = tagJudge(facts, decisions);
  const packages: PlannedPackage[] = [];
  const left: LeftOut[] = [];
  const matrix: MatrixRow[] = [];
  for (const pkg of facts.config.packages) {
    const decision = decisions.byName.get(pkg.name)!;
    if (!decision.ships) {
      const previous = decisions.releases.get(pkg.name)?.last?.version ?? null;
      left.push({ name: pkg.name, previous, reason: decision.reason });
      continue;
    }
    const raise = largestBump(counted.byName.get(pkg.name) ?? []);
    const next = nextVersion(pkg, decisions, {
      raise,
      group: pkg.lockstep === undefined ? undefined : groups.get(pkg.lockstep),
    });
    const declared = { pkg, rules: rulesOf(facts.config.kinds, pkg) };
    const planned = planPackage(declared, { ...next, reason: decision.reason });
    failures.push(...versionFailures(declared, next.version), ...failuresOfTag(planned));
    packages.push(planned);
    matrix.push(...matrixRows(declared, planned));
  }
  if (failures.length > 0) throw combineFailures(failures);
  const warnings = planWarnings(facts, { decisions, packages, counted });
  return { schema: 1, head: facts.head.id, packages, left_out: left, warnings, matrix };
}

/** The version of every group in lockstep: raised by the largest bump that any member has that ships. */
function groupVersions(
  { config: { packages }, head }: Facts,
  { byName, releases, requests }: Decisions,
  counted: CountedTrailers,
): ReadonlyMap<string, GroupVersion> {
  return new Map([...groupsOf(packages)].map(([word, members]) => {
    const bumps = members.filter(({ name }) => byName.get(name)!.ships).map(({ name }) =>
      requests?.get(name)?.bump ?? largestBump(counted.byName.get(name) ?? [])
    );
    const known = membersOf(members, { releases, head: head.id });
    return [word, groupVersion(known, largestBump(bumps.map((bump) => ({ bump }))))];
  }));
}

/** The version that ships, and what was raised to get there; nothing when it is the first one or spelled out. */
function nextVersion(
  pkg: Package,
  decisions: Decisions,
  { raise, group }: { readonly raise: Bump; readonly group: GroupVersion | undefined },
): Pick<PlannedPackage, "version" | "bump" | "previous"> {
  const request = decisions.requests?.get(pkg.name);
  const previous = decisions.releases.get(pkg.name)!.last?.version ?? null;
  if (request?.version !== undefined) return { version: request.version, bump: null, previous };
  if (group !== undefined) {
    return { version: group.version, bump: previous === null ? null : group.bump, previous };
  }
  if (previous === null) return { version: pkg.firstVersion, bump: null, previous };
  const bump = request?.bump ?? raise;
  return { version: bumpVersion(previous, bump), bump, previous };
}
