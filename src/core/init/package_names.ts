/**
 * `name` of found packages: the name on the registry, where that is plain enough and no other package has it.
 *
 * @module
 */

import { encodeName } from "../model/artifact_name.ts";
import type { Kind } from "../model/package.ts";
import type { FoundPackage } from "./found.ts";

/** What tells packages of one name apart: everybody who shares it gets one, so that each tag tells whose it is. */
const MARKS: Readonly<Record<Kind, string>> = { crates: "rust", pypi: "py", npm: "js" };

/**
 * The names to try for each package, the best first. An ending tells equal names apart; what starts as tags or artifacts
 * of another package do (`a-v1.0.0-b`, `a-wheel-b`) needs another start.
 */
export function namesFor(
  packages: readonly FoundPackage[],
): ReadonlyMap<FoundPackage, readonly string[]> {
  const counts = new Map<string, number>();
  for (const one of packages) counts.set(fold(one), (counts.get(fold(one)) ?? 0) + 1);
  return new Map(packages.map((one) => {
    const plain = plainName(one);
    const mark = MARKS[one.kind];
    const marked = [`${plain}-${mark}`, `${mark}-${plain.replace(/^@/, "")}`];
    const numbered = [2, 3].flatMap((number) => marked.map((name) => `${name}-${number}`));
    return [one, [...counts.get(fold(one)) === 1 ? [plain] : [], ...marked, ...numbered]];
  }));
}

/** Names that differ in case only would share artifacts. */
function fold(one: FoundPackage): string {
  return encodeName(plainName(one)).toLowerCase();
}

/** The name without what names of this file may not hold: `__` stands for `/` in artifact names, `..` not in tags. */
function plainName({ registryName, kind }: FoundPackage): string {
  const plain = registryName.replace(/[^A-Za-z0-9._+/@-]/g, "-").replace(/_{2,}/g, "_")
    .replace(/\.{2,}/g, ".").replace(/(^@?|\/)[.-]+/g, "$1");
  return /^@?[A-Za-z0-9_]/.test(plain) ? plain : `${kind}-package`;
}
