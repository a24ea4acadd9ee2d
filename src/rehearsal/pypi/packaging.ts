/**
 * What PyPI leaves to Python's library `packaging`: how versions are read, compared and asked for, and how names of
 * projects and of files are spelled (PEP 440, 503, 508, 625, 427; pypa/packaging 26.2).
 *
 * @module
 */

/** A version of a Python project. */
export interface PythonVersion {
  /** Its one normal spelling: `1.0a1` for `v1.0-alpha.1`. Zeros that end its release stay. */
  readonly text: string;
  /** Sorts as versions do, and is the same for the same version: `1.0` and `1.0.0`. */
  readonly key: string;
  readonly isPrerelease: boolean;
  /** What follows `+`; undefined when nothing does. */
  readonly local: string | undefined;
}

/** The pieces that versions and specifiers are made of, in every spelling that means the same. */
const EPOCH = "v?(?:([0-9]+)!)?";
const RELEASE = "([0-9]+(?:\\.[0-9]+)*)";
const PRE = "(?:[-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?([0-9]*))?";
const POST = "(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?";
const DEV = "(?:[-_.]?(dev)[-_.]?([0-9]*))?";
const LOCAL = "(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?";

const VERSION = new RegExp(`^\\s*${EPOCH}${RELEASE}${PRE}${POST}${DEV}${LOCAL}\\s*$`, "i");

/** Reads a version; undefined when the text is none. */
export function readVersion(text: string): PythonVersion | undefined {
  const found = VERSION.exec(text);
  if (found === null) return undefined;
  const [, epoch = "0", release = "", letters, pre, implied, postWord, post, dev, devNumber, tail] =
    found;
  const segments: Segments = {
    epoch: plain(epoch),
    release: release.split(".").map(plain),
    pre: letters === undefined ? undefined : [phaseOf(letters), plain(pre)],
    post: implied === undefined && postWord === undefined ? undefined : plain(implied ?? post),
    dev: dev === undefined ? undefined : plain(devNumber),
    local: tail?.toLowerCase().split(/[-_.]/).map((piece) =>
      /^\d+$/.test(piece) ? plain(piece) : piece
    ),
  };
  return {
    text: spell(segments),
    key: sortKey(segments),
    isPrerelease: segments.pre !== undefined || segments.dev !== undefined,
    local: segments.local?.join("."),
  };
}

/** Whether two texts are the same version; false when either is none. */
export function isSameVersion(left: string, right: string): boolean {
  const key = readVersion(left)?.key;
  return key !== undefined && key === readVersion(right)?.key;
}

/** A version's numbers as digits, since they may be longer than a number can be. */
interface Segments {
  readonly epoch: string;
  readonly release: readonly string[];
  readonly pre: readonly [phase: string, digits: string] | undefined;
  readonly post: string | undefined;
  readonly dev: string | undefined;
  readonly local: readonly string[] | undefined;
}

/** Digits without zeros in front; none at all are a zero. */
function plain(digits = ""): string {
  return digits.replace(/^0+/, "") || "0";
}

function phaseOf(letters: string): string {
  const [first = ""] = letters.toLowerCase();
  return first === "a" || first === "b" ? first : "rc";
}

function spell({ epoch, release, pre, post, dev, local }: Segments): string {
  return (epoch === "0" ? "" : `${epoch}!`) + release.join(".") + (pre?.join("") ?? "") +
    (post === undefined ? "" : `.post${post}`) + (dev === undefined ? "" : `.dev${dev}`) +
    (local === undefined ? "" : `+${local.join(".")}`);
}

/**
 * Each piece becomes characters that sort as it does. A release without its last zeros ends in a blank, which is below the
 * dot that a longer one goes on with. What is not there sorts by what it means: no pre-release is above all of them, unless
 * there is a dev release alone, which is below; no post-release is below; no dev release is above.
 */
function sortKey({ epoch, release, pre, post, dev, local }: Segments): string {
  const significant = release.slice(0, release.findLastIndex((digits) => digits !== "0") + 1);
  const isBareDev = pre === undefined && post === undefined && dev !== undefined;
  return [
    sortable(epoch),
    ...significant.map((digits) => `.${sortable(digits)}`),
    " ",
    pre === undefined ? (isBareDev ? "0" : "2") : `1${pre[0]}${sortable(pre[1])}`,
    post === undefined ? "0" : `1${sortable(post)}`,
    dev === undefined ? "1" : `0${sortable(dev)}`,
    // Words are below numbers, and a blank ends each, so that a shorter one is below what it begins.
    ...(local ?? []).map((piece) => /^\d/.test(piece) ? `.2${sortable(piece)} ` : `.1${piece} `),
  ].join("");
}

/** Longer digits are the larger number. */
function sortable(digits: string): string {
  return String(digits.length).padStart(4, "0") + digits;
}

/** What may follow each operator of a specifier. Only equality knows `.*`, and then nothing but a release. */
const OPERANDS: Readonly<Record<string, RegExp>> = {
  "===": /^[^\s;)]*$/,
  "==": new RegExp(`^${EPOCH}${RELEASE}(?:\\.\\*|${PRE}${POST}${DEV}${LOCAL})$`, "i"),
  "!=": new RegExp(`^${EPOCH}${RELEASE}(?:\\.\\*|${PRE}${POST}${DEV}${LOCAL})$`, "i"),
  // Compatible with the last number but one, so there have to be two.
  "~=": new RegExp(`^${EPOCH}[0-9]+(?:\\.[0-9]+)+${PRE}${POST}${DEV}$`, "i"),
  "<=": new RegExp(`^${EPOCH}${RELEASE}${PRE}${POST}${DEV}$`, "i"),
  ">=": new RegExp(`^${EPOCH}${RELEASE}${PRE}${POST}${DEV}$`, "i"),
  "<": new RegExp(`^${EPOCH}${RELEASE}${PRE}${POST}${DEV}$`, "i"),
  ">": new RegExp(`^${EPOCH}${RELEASE}${PRE}${POST}${DEV}$`, "i"),
};

/** The first specifier of a list (`>=3.9, !=3.10.*`) that is none; undefined when all are. */
export function wrongSpecifier(list: string): string | undefined {
  return list.split(",").map((specifier) => specifier.trim()).find((specifier) => {
    if (specifier === "") return false;
    const operator = Object.keys(OPERANDS).find((candidate) => specifier.startsWith(candidate));
    if (operator === undefined) return true;
    return !OPERANDS[operator]!.test(specifier.slice(operator.length).trim());
  });
}

/** Whether a text may name a project: ASCII letters and digits, with `.`, `_` and `-` between them. */
export function isNameOfProject(text: string): boolean {
  return /^[a-z0-9._-]+$/i.test(text) && !/^[._-]|[._-]$/.test(text);
}

/** The name under which the index keeps a project: small letters, one dash for what separates them. */
export function canonicalName(name: string): string {
  return name.toLowerCase().split(/[-_.]+/).join("-");
}

/** The name as files begin with it. */
export function nameInFiles(name: string): string {
  return name.toLowerCase().split(/[-_.]+/).join("_");
}

/** A wheel's file name, taken apart. */
export interface WheelFileName {
  /** As it is written. */
  readonly name: string;
  readonly version: PythonVersion;
  /** One for each system that the wheel is for. */
  readonly platforms: readonly string[];
}

/** Reads a wheel's file name; a text is what `packaging` says of one that is wrong. */
export function parseWheelFileName(fileName: string): WheelFileName | string {
  const stem = fileName.slice(0, -".whl".length);
  const pieces = stem.split("-");
  if (pieces.length !== 5 && pieces.length !== 6) {
    return `Invalid wheel filename (wrong number of parts): '${stem}'`;
  }
  const [name = "", number = "", build = ""] = pieces;
  if (name.includes("__") || !/^[\p{L}\p{N}._]*$/u.test(name)) {
    return `Invalid project name: '${stem}'`;
  }
  const version = readVersion(number);
  if (version === undefined) return `Invalid wheel filename (invalid version): '${stem}'`;
  if (pieces.length === 6 && !/^\d/.test(build)) {
    return `Invalid build number: ${build} in '${stem}'`;
  }
  return { name, version, platforms: pieces.at(-1)!.split(".") };
}
