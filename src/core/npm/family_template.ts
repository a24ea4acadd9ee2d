/**
 * The template that a family's names follow, read back from the names: what `platform_name` is for packages that are there
 * already.
 *
 * @module
 */

import { isKnownTriple, KNOWN_TRIPLES, platformOf } from "../target/target.ts";
import { type FamilyMember, platformName, USUAL_TEMPLATE } from "./platform_name.ts";

/** How a family's packages are called. */
export interface ReadNames {
  /** Undefined for the usual one. */
  readonly template: string | undefined;
  /** By target, the names that the template does not give. */
  readonly packages: Readonly<Record<string, string>>;
}

/** What a name may end with, the usual one first. */
const ENDS: readonly string[] = ["{target}", "{platform}-{arch}-{libc}", "{platform}-{arch}"];

/** Reads the template that gives most of the names, unless one is told; the others are written out. */
export function readNames(
  main: string,
  members: readonly FamilyMember[],
  told?: string,
): ReadNames {
  const read = ENDS.flatMap((end) =>
    members.flatMap((member) => templateOf(main, { member, end }) ?? [])
  );
  const candidates = new Set(told === undefined ? [USUAL_TEMPLATE, ...read] : [told]);
  const others = (template: string): readonly FamilyMember[] =>
    members.filter(({ name, triple }) =>
      platformName({ name: main, template }, { triple }) !== name
    );
  const [best = USUAL_TEMPLATE] = [...candidates].sort((left, right) =>
    others(left).length - others(right).length
  );
  return {
    template: best === USUAL_TEMPLATE ? undefined : best,
    packages: Object.fromEntries(others(best).map(({ name, triple }) => [triple, name])),
  };
}

/** `@biomejs/cli-linux-x64` with the end `{platform}-{arch}` → `@biomejs/cli-{platform}-{arch}`. */
function templateOf(
  main: string,
  { member: { name, triple }, end }: { readonly member: FamilyMember; readonly end: string },
): string | undefined {
  const word = platformName({ name: main, template: end }, { triple });
  if (!name.endsWith(word)) return undefined;
  const start = name.slice(0, -word.length);
  return `${start === `${main}-` ? "{name}-" : start}${end}`;
}

/** What a platform package's package.json says of machines. */
export interface StatedPlatform {
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  readonly libc: readonly string[];
}

/**
 * The target that a package is for, as its name spells it where it does; undefined when no target is that platform. One that
 * names a system alone may be plain scripts for it.
 */
export function tripleOfPlatform(
  name: string,
  { os, cpu, libc }: StatedPlatform,
): string | undefined {
  if (os.length !== 1 || cpu.length !== 1 || libc.length > 1) return undefined;
  const fitting = KNOWN_TRIPLES.filter((triple) => {
    const platform = platformOf(triple);
    return platform.os === os[0] && platform.cpu === cpu[0] && platform.libc === libc[0];
  });
  const spelled = fitting.filter((triple) =>
    name.endsWith(`-${triple}`) || name.endsWith(`/${triple}`)
  )
    .sort((left, right) => right.length - left.length);
  const plain = [os[0], cpu[0], libc[0] === "glibc" ? "gnu" : libc[0]]
    .filter((word) => word !== undefined).join("-");
  if (spelled.length > 0) return spelled[0];
  return isKnownTriple(plain) && fitting.includes(plain) ? plain : fitting[0];
}
