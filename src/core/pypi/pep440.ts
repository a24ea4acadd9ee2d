/**
 * Versions as Python spells them (PEP 440, now the version specifiers specification): read, written in normal form,
 * and compared.
 *
 * @module
 */

/** A version, taken apart. Numbers are kept as `bigint`, since dates and build numbers grow long. */
export interface Pep440 {
  readonly epoch: bigint;
  /** At least one number; zeros at the end are kept. */
  readonly release: readonly bigint[];
  readonly pre: { readonly phase: "a" | "b" | "rc"; readonly number: bigint } | undefined;
  readonly post: bigint | undefined;
  readonly dev: bigint | undefined;
  /** The parts behind `+`; undefined when there is none. */
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
  ].map((part) => part.source).join(""),
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
    local: local?.toLowerCase().split(/[-_.]/).map((part) =>
      /^\d+$/.test(part) ? BigInt(part) : part
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
export function isSamePep440(one: string, other: string): boolean {
  const [left, right] = [parsePep440(one), parsePep440(other)];
  return left !== undefined && right !== undefined && comparePep440(left, right) === 0;
}

/** The order of PEP 440: dev before pre-releases, before the release itself, before its post-releases. */
export function comparePep440(one: Pep440, other: Pep440): number {
  return compareNumbers([one.epoch], [other.epoch]) ||
    compareNumbers(one.release, other.release) ||
    compareNumbers(suffixKey(one), suffixKey(other)) ||
    compareLocal(one.local, other.local);
}

/** Versions in any spelling, the lowest first; texts that are none, of before PEP 440, stand in front, as they came. */
export function lowestFirstPep440(texts: readonly string[]): string[] {
  const read = texts.map((text) => ({ text, version: parsePep440(text) }));
  return read.sort(({ version: one }, { version: other }) =>
    one === undefined || other === undefined
      ? Number(one !== undefined) - Number(other !== undefined)
      : comparePep440(one, other)
  ).map(({ text }) => text);
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

/** Compares number by number; what one lacks counts as zero. */
function compareNumbers(one: readonly bigint[], other: readonly bigint[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const [left, right] = [one[index] ?? 0n, other[index] ?? 0n];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function compareLocal(one: Pep440["local"], other: Pep440["local"]): number {
  if (one === undefined || other === undefined) {
    return Number(one !== undefined) - Number(other !== undefined);
  }
  for (let index = 0; index < Math.min(one.length, other.length); index++) {
    const order = compareLocalPart(one[index]!, other[index]!);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

/** Numbers stand above words. */
function compareLocalPart(one: string | bigint, other: string | bigint): number {
  if (typeof one !== typeof other) return typeof one === "bigint" ? 1 : -1;
  return one === other ? 0 : one < other ? -1 : 1;
}
