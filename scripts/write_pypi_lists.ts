/**
 * Writes the lists that PyPI holds metadata against as data, from the Python packages that PyPI itself reads them from:
 * classifiers from `trove-classifiers`, licences from `packaging`. `deno run -A scripts/write_pypi_lists.ts [python]`, with a
 * Python that has new ones.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import process from "node:process";

const FOLDER = "src/core/pypi/metadata";
const ASK = `
import importlib.metadata, json, packaging, trove_classifiers as trove
from packaging.licenses import _spdx
print(json.dumps({
    "version": importlib.metadata.version("trove-classifiers"),
    "classifiers": sorted(trove.classifiers),
    "deprecated": trove.deprecated_classifiers,
    "packaging": packaging.__version__,
    "spdx": _spdx.VERSION,
    "licences": sorted(_spdx.LICENSES),
    "exceptions": sorted(_spdx.EXCEPTIONS),
}))`;

interface Classifiers {
  /** Calendar version: `2026.9.21.13`. */
  readonly version: string;
  readonly classifiers: readonly string[];
  readonly deprecated: Readonly<Record<string, readonly string[]>>;
}

interface Licences {
  /** The release of `packaging`. */
  readonly packaging: string;
  /** The release of SPDX's list. */
  readonly spdx: string;
  /** In small letters. */
  readonly licences: readonly string[];
  readonly exceptions: readonly string[];
}

/** Every line of the tree: one blank for each level, then what is said there; a bar where it is no classifier itself. */
export function foldClassifiers(classifiers: readonly string[]): string[] {
  const lines: string[] = [];
  let above: readonly string[] = [];
  for (const classifier of classifiers) {
    const words = classifier.split(" :: ");
    const shared = words.findIndex((word, level) => word !== above[level]);
    for (let level = shared; level < words.length; level++) {
      const isWhole = level === words.length - 1;
      lines.push(`${" ".repeat(level)}${words[level]}${isWhole ? "" : "|"}`);
    }
    above = words;
  }
  return lines;
}

/** The text of the file with the classifiers. */
export function classifiersFile({ version, classifiers, deprecated }: Classifiers): string {
  const [year, month = "", day = ""] = version.split(".");
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const lines = chunks(foldClassifiers(classifiers), "\n");
  const old = Object.entries(deprecated).map(([name, successors]) =>
    `  [${JSON.stringify(name)}, ${JSON.stringify(successors)}],`
  );
  return `/**
 * PyPI's list of classifiers, from the package \`trove-classifiers\` ${version}, which PyPI reads it from. Written by
 * \`scripts/write_pypi_lists.ts\`.
 *
 * @module
 */

/** The day of the list. */
export const LISTED_ON = "${date}";

/** One line for each word, below the word that it belongs to; a bar ends those that are no classifier alone. */
const TREE = ${lines.map((line) => JSON.stringify(line)).join(" +\n  ")};

/** Every classifier that PyPI takes. */
export const CLASSIFIERS: ReadonlySet<string> = new Set(unfold(TREE.split("\\n")));

/** Those that it takes no more, and what stands in their place. */
export const DEPRECATED_CLASSIFIERS: ReadonlyMap<string, readonly string[]> = new Map([
${old.join("\n")}
]);

function* unfold(lines: readonly string[]): Iterable<string> {
  const above: string[] = [];
  for (const line of lines) {
    const word = line.trimStart();
    above.length = line.length - word.length;
    above.push(word.replace(/\\|$/, ""));
    if (!word.endsWith("|")) yield above.join(" :: ");
  }
}
`;
}

/** The text of the file with the licences. */
export function licencesFile({ packaging, spdx, licences, exceptions }: Licences): string {
  const words = (list: readonly string[]): string =>
    chunks(list, " ").map((line) => JSON.stringify(line)).join(" +\n  ");
  return `/**
 * The identifiers of SPDX that PyPI knows, from \`packaging\` ${packaging}, which PyPI reads licence expressions with. Written by
 * \`scripts/write_pypi_lists.ts\`.
 *
 * @module
 */

/** The release of SPDX's list. */
export const SPDX_VERSION = "${spdx}";

/** Licences, in small letters; deprecated ones too. */
export const LICENCES: ReadonlySet<string> = new Set((${words(licences)}).split(" "));

/** What may stand behind WITH, in small letters. */
export const EXCEPTIONS: ReadonlySet<string> = new Set((${words(exceptions)}).split(" "));
`;
}

/** Texts joined, in pieces that are each as long as a line may be with its escapes. */
function chunks(texts: readonly string[], joint: string): string[] {
  const found = [""];
  for (const text of texts) {
    if (JSON.stringify(found.at(-1)! + text).length > 240) found.push("");
    found[found.length - 1] += text + joint;
  }
  found[found.length - 1] = found.at(-1)!.trimEnd();
  return found;
}

if (process.argv[1]?.endsWith("write_pypi_lists.ts")) {
  const answer = JSON.parse(
    execFileSync(process.argv[2] ?? "python3", ["-c", ASK], { encoding: "utf8" }),
  ) as Classifiers & Licences;
  writeFileSync(`${FOLDER}/trove_classifiers.ts`, classifiersFile(answer));
  writeFileSync(`${FOLDER}/spdx_licences.ts`, licencesFile(answer));
  execFileSync("deno", ["fmt", "--quiet", FOLDER]);
}
