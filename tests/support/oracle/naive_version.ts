/** Semantic versions by the letter of semver.org, without a library. */

/** A version, taken apart. */
export interface Numbers {
  readonly text: string;
  readonly core: readonly [number, number, number];
  /** The identifiers of a pre-release; none for a stable version. */
  readonly pre: readonly string[];
  readonly build: string;
}

/** The expression that semver.org gives (FAQ, "Is there a suggested regular expression"). */
const GIVEN =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

export function takeApart(text: string): Numbers | undefined {
  const found = GIVEN.exec(text);
  if (found === null) return undefined;
  const [, major, minor, patch, pre = "", build = ""] = found;
  return {
    text,
    core: [Number(major), Number(minor), Number(patch)],
    pre: pre === "" ? [] : pre.split("."),
    build,
  };
}

/** Item 11 of semver.org; builds of one version by their text, since something has to come first. */
export function isHigher(one: Numbers, other: Numbers): boolean {
  for (const at of [0, 1, 2] as const) {
    if (one.core[at] !== other.core[at]) return one.core[at] > other.core[at];
  }
  if ((one.pre.length === 0) !== (other.pre.length === 0)) return one.pre.length === 0;
  for (let at = 0; at < Math.max(one.pre.length, other.pre.length); at++) {
    const [a, b] = [one.pre[at], other.pre[at]];
    if (a === b) continue;
    if (a === undefined || b === undefined) return b === undefined;
    const [isNumber, isOther] = [/^\d+$/.test(a), /^\d+$/.test(b)];
    if (isNumber && isOther) return Number(a) > Number(b);
    return isNumber === isOther ? a > b : isOther;
  }
  return one.build > other.build;
}

/** The version that follows: a pre-release is finished where it leads up to a version of that size already. */
export function raised({ core: [major, minor, patch], pre }: Numbers, bump: string): string {
  const isPre = pre.length > 0;
  if (bump === "major") {
    return isPre && minor === 0 && patch === 0 ? `${major}.0.0` : `${major + 1}.0.0`;
  }
  if (bump === "minor") {
    return isPre && patch === 0 ? `${major}.${minor}.0` : `${major}.${minor + 1}.0`;
  }
  return `${major}.${minor}.${isPre ? patch : patch + 1}`;
}
