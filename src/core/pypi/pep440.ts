/**
 * Versions as Python spells them (PEP 440, now the version specifiers specification): read, written in normal form,
 * compared, and asked for by specifiers such as `>=3.9`.
 *
 * @module
 */

import { type HeldVersions, highestAndStable } from "../model/version.ts";

/** A version, taken apart. Numbers are kept as `bigint`, since dates and build numbers grow long. */
export interface Pep440 {
  readonly epoch: bigint;
  /** At least one number; zeros at the end are kept. */
  readonly release: readonly bigint[];
  readonly pre: { readonly phase: "a" | "b" | "rc"; readonly number: bigint } | undefined;
  readonly post: bigint | undefined;
  readonly dev: bigint | undefined;
  /** The segments behind `+`; undefined when there are none. */
  readonly local: readonly (string | bigint)[] | undefined;
}

/** Appendix B of PEP 440, with every spelling that normalises away. */
const VERSION = new RegExp(
  [
    /^\s*v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)/,
    /(?:[-_.]?(?<phase>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<pre>\d*))?/,
    /(?<post>-(?<implicit>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?<explicit>\d*))?/,
    /(?<dev>[-_.]?dev[-_.]?(?<devNumber>\d*))?/,
    /(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/,
  ].map((piece) => piece.source).join(""),
  "i",
);

const PHASES: Readonly<Record<string, "a" | "b" | "rc">> = {
  a: "a",
  alpha: "a",
  b: "b",
  beta: "b",
  c: "rc",
  rc: "rc",
  pre: "rc",
  preview: "rc",
};

/** Reads a version in any spelling that PEP 440 allows; undefined when it is none. */
export function parsePep440(text: string): Pep440 | undefined {
  const groups = VERSION.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { epoch, release = "", phase, pre, post, implicit, explicit, dev, devNumber, local } =
    groups;
  return {
    epoch: BigInt(epoch ?? 0),
    release: release.split(".").map(BigInt),
    pre: phase === undefined
      ? undefined
      : { phase: PHASES[phase.toLowerCase()]!, number: BigInt(pre ?? "") },
    post: post === undefined ? undefined : BigInt(implicit ?? explicit ?? ""),
    dev: dev === undefined ? undefined : BigInt(devNumber ?? ""),
    local: local?.toLowerCase().split(/[-_.]/).map((segment) =>
      /^\d+$/.test(segment) ? BigInt(segment) : segment
    ),
  };
}

/** A version in normal form, with the zeros that end its release: `{1, 0}` → `"1.0"`. */
function formatPep440(version: Pep440): string {
  const { epoch, release, pre, post, dev, local } = version;
  return [
    epoch === 0n ? "" : `${epoch}!`,
    release.join("."),
    pre === undefined ? "" : `${pre.phase}${pre.number}`,
    post === undefined ? "" : `.post${post}`,
    dev === undefined ? "" : `.dev${dev}`,
    local === undefined ? "" : `+${local.join(".")}`,
  ].join("");
}

/** The normal form of any spelling; undefined when the text is no version. `"v1.0-alpha.1"` → `"1.0a1"`. */
export function normalisePep440(text: string): string | undefined {
  const version = parsePep440(text);
  return version === undefined ? undefined : formatPep440(version);
}

/** Whether two texts name the same version: `1.0` is `1.0.0`. False when either is no version. */
export function isSamePep440(left: string, right: string): boolean {
  const [parsed, other] = [parsePep440(left), parsePep440(right)];
  return parsed !== undefined && other !== undefined && comparePep440(parsed, other) === 0;
}

/** The order of PEP 440: dev before pre-releases, before the release itself, before its post-releases. */
export function comparePep440(left: Pep440, right: Pep440): number {
  return compareNumbers([left.epoch], [right.epoch]) ||
    compareNumbers(left.release, right.release) ||
    compareNumbers(suffixKey(left), suffixKey(right)) ||
    compareLocal(left.local, right.local);
}

/** Versions in any spelling, the lowest first; texts that are none, of before PEP 440, stand in front, as they came. */
export function lowestFirstPep440(texts: readonly string[]): string[] {
  const read = texts.map((text) => ({ text, version: parsePep440(text) }));
  return read.sort(({ version: left }, { version: right }) =>
    left === undefined || right === undefined
      ? Number(left !== undefined) - Number(right !== undefined)
      : comparePep440(left, right)
  ).map(({ text }) => text);
}

/** Held versions by PEP 440, beside a release; PyPI keeps the spelling of a release's first file: 1.0 is 1.0.0. */
export function heldPep440Versions(version: string, texts: readonly string[]): HeldVersions {
  const versions = lowestFirstPep440(texts);
  const mine = parsePep440(version);
  const notBelow = versions.filter((text) => {
    const held = parsePep440(text);
    return mine === undefined || held === undefined || comparePep440(held, mine) > 0;
  });
  return { versions, notBelow };
}

/** What a version is held against, as `versionsBefore()` says it, by PEP 440. */
export function pep440VersionsBefore(version: string, texts: readonly string[]): readonly string[] {
  const mine = parsePep440(version);
  const below = lowestFirstPep440(texts).reverse().filter((text) => {
    const held = parsePep440(text);
    return mine !== undefined && held !== undefined && comparePep440(held, mine) < 0;
  });
  const isPrerelease = (text: string): boolean => {
    const { pre, dev } = parsePep440(text) ?? {};
    return pre !== undefined || dev !== undefined;
  };
  return highestAndStable(below, { isPrerelease, isStable: !isPrerelease(version) });
}

/**
 * The part behind the release as numbers: phase, its number, post, dev. A dev release of a final version stands before
 * its pre-releases; a missing dev is the highest of all (PEP 440, "Summary of permitted suffixes and relative ordering").
 */
function suffixKey(version: Pep440): bigint[] {
  const { pre, post, dev } = version;
  const isBareDev = pre === undefined && post === undefined && dev !== undefined;
  const phase = isBareDev ? 0n : BigInt(["", "a", "b", "rc", undefined].indexOf(pre?.phase));
  const devKey = dev === undefined ? [1n, 0n] : [0n, dev];
  return [phase, pre?.number ?? 0n, post === undefined ? 0n : post + 1n, ...devKey];
}

/** Compares number by number; what one side lacks counts as zero. */
function compareNumbers(left: readonly bigint[], right: readonly bigint[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [number, other] = [left[index] ?? 0n, right[index] ?? 0n];
    if (number !== other) return number < other ? -1 : 1;
  }
  return 0;
}

function compareLocal(left: Pep440["local"], right: Pep440["local"]): number {
  if (left === undefined || right === undefined) {
    return Number(left !== undefined) - Number(right !== undefined);
  }
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareSegments(left[index]!, right[index]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers stand above words. */
function compareSegments(left: string | bigint, right: string | bigint): number {
  if (typeof left !== typeof right) return typeof left === "bigint" ? 1 : -1;
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Whether a text is a list of version specifiers, as `Requires-Python` has them: `>=3.9, !=3.10.*`. */
export function isSpecifierSet(text: string): boolean {
  return text.split(",").map((clause) => clause.trim()).every((clause) =>
    clause === "" || isSpecifier(clause)
  );
}

/** Whether a text is one version specifier: an operator, and a version that may stand behind it. `>=3.9` */
export function isSpecifier(clause: string): boolean {
  const [, operator = "", version = ""] = /^(===|~=|==|!=|<=|>=|<|>)\s*(.*)$/s.exec(clause) ?? [];
  if (operator === "") return false;
  // Compares texts, whatever they are.
  if (operator === "===") return /^[^\s;)]*$/.test(version);
  const isEquality = operator === "==" || operator === "!=";
  // A prefix is of a release and nothing behind it (`packaging` since 22.0).
  if (isEquality && version.endsWith(".*")) return /^v?(\d+!)?\d+(\.\d+)*\.\*$/i.test(version);
  const parsed = parsePep440(version);
  if (parsed === undefined || (parsed.local !== undefined && !isEquality)) return false;
  // A compatible release needs two numbers to be compatible in.
  return operator !== "~=" || parsed.release.length > 1;
}
