/**
 * What `depends_on` must hold to: every name is declared, and no package waits for itself.
 *
 * @module
 */

import { nearest } from "../../words/phrases.ts";
import { dependenciesOf, type Draft, perPackage, registryNameOf, type Rule } from "../draft.ts";
import { type Finding, quote } from "../finding.ts";

/** Every dependency is a package of the file. */
export const dependenciesExist: Rule = (drafts) => {
  const names = drafts.flatMap(({ values: { name } }) => name ?? []);
  const known = new Set(names);
  return drafts.flatMap((draft) =>
    dependenciesOf(draft).filter(({ value }) => !known.has(value)).map(({ path, value }) => {
      const meant = namedOnRegistry(drafts, value) ?? nearest(value, names);
      const question = meant === undefined ? "" : `Did you mean ${quote(meant)}? `;
      return {
        path,
        message: `Cannot use depends_on ${
          quote(value)
        } of ${draft.label}: no package has this name`,
        hint: `${question}Write the name of a package of this file`,
      };
    })
  );
};

function namedOnRegistry(drafts: readonly Draft[], word: string): string | undefined {
  return drafts.find((draft) => registryNameOf(draft)?.value === word)?.values.name;
}

/** A package names itself, or one package twice. */
export const dependenciesAreOthers: Rule = perPackage((draft) => {
  const dependencies = dependenciesOf(draft);
  return dependencies.flatMap(({ path, value }, index): Finding[] => {
    const again = dependencies.findIndex((other) => other.value === value) < index;
    const found = value === draft.values.name
      ? "a package cannot depend on itself"
      : again
      ? "it is there twice"
      : undefined;
    if (found === undefined) return [];
    const message = `Cannot use depends_on ${quote(value)} of ${draft.label}: ${found}`;
    return [{ path, message, hint: "Remove it" }];
  });
});

/** Packages do not wait for each other in a circle. One finding for each circle that shares no package with another. */
export const graphIsAcyclic: Rule = (drafts) => {
  const byName = new Map<string, Draft>();
  for (const draft of drafts) {
    const { name } = draft.values;
    if (name !== undefined && !byName.has(name)) byName.set(name, draft);
  }
  const inCycle = new Set<string>();
  const findings: Finding[] = [];
  for (const cycle of findCycles(byName)) {
    if (cycle.some((name) => inCycle.has(name))) continue;
    for (const name of cycle) inCycle.add(name);
    findings.push(cycleFinding(cycle, byName));
  }
  return findings;
};

/** Depth first, without recursion: a chain may be as long as the file. */
function findCycles(byName: ReadonlyMap<string, Draft>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const trail: { name: string; rest: string[] }[] = [];
  const depth = new Map<string, number>();
  const enter = (name: string): void => {
    depth.set(name, trail.length);
    trail.push({ name, rest: neighbours(byName.get(name)!) });
  };
  for (const root of byName.keys()) {
    if (!done.has(root)) enter(root);
    while (trail.length > 0) {
      const top = trail.at(-1)!;
      const next = top.rest.shift();
      if (next === undefined) {
        done.add(top.name);
        depth.delete(top.name);
        trail.pop();
      } else if (depth.has(next)) {
        cycles.push(trail.slice(depth.get(next)).map(({ name }) => name));
      } else if (byName.has(next) && !done.has(next)) enter(next);
    }
  }
  return cycles;
}

/** Whom a package waits for, itself left out: that is another finding. */
function neighbours(draft: Draft): string[] {
  return dependenciesOf(draft).map(({ value }) => value).filter((name) =>
    name !== draft.values.name
  );
}

function cycleFinding(cycle: readonly string[], byName: ReadonlyMap<string, Draft>): Finding {
  const order = [...byName.keys()];
  const firstDeclared = order.find((name) => cycle.includes(name))!;
  const turn = cycle.indexOf(firstDeclared);
  const round = [...cycle.slice(turn), ...cycle.slice(0, turn), firstDeclared];
  const edge = dependenciesOf(byName.get(firstDeclared)!).find(({ value }) => value === round[1]);
  return {
    code: "PIOT_CONFIG_CYCLE",
    path: edge!.path,
    message: `Cannot order the packages: they depend on each other: ${round.join(" → ")}`,
    hint: "Remove one of these from a depends_on",
  };
}
