/**
 * The packages that scripts ask for: names that stand in them, and names that they put together at run time out of
 * `process.platform`, `process.arch` and whatever else. Read off the text; nothing is run.
 *
 * @module
 */

import { KNOWN_TRIPLES, platformOf } from "../target/target.ts";

/** A name that is put together: what stands in the script, and what is filled in between. */
type Part = { readonly text: string } | { readonly hole: "platform" | "arch" | "unknown" };

/** A name as a script puts it together. */
export interface ComputedName {
  readonly parts: readonly Part[];
  /** As messages show it: `@acme/demo-${platform}-${arch}`. */
  readonly shown: string;
  /** The script. */
  readonly script: string;
}

/** What scripts ask for. */
export interface AskedNames {
  /** Every text between quotes that may be a package's name, without the path behind it. */
  readonly literals: ReadonlySet<string>;
  readonly computed: readonly ComputedName[];
  /** Whether a script reads the list of optional dependencies itself. */
  readonly readsPins: boolean;
}

const NAME = "(?:@[a-z0-9~][\\w.~-]*/)?[a-z0-9~][\\w.~-]*";
const LITERAL = new RegExp(`(["'\`])(${NAME})(?:/[^"'\`\\s$]*)?\\1`, "gi");
const TEMPLATE = /`([^`\\\n]*\$\{[^`\\\n]*)`/g;
const SUM =
  /(["'])([^"'\\\n]+)\1((?:\s*\+\s*(?:[\w$]+(?:\.[\w$]+)*(?:\(\))?|(["'])[^"'\\\n]*\4))+)/g;

/** Reads scripts. */
export function askedNames(scripts: readonly string[]): AskedNames {
  const literals = new Set<string>();
  for (const script of scripts) {
    for (const [, , name = ""] of script.matchAll(LITERAL)) literals.add(name);
  }
  return {
    literals,
    computed: scripts.flatMap(computedIn),
    readsPins: scripts.some((script) => script.includes("optionalDependencies")),
  };
}

function computedIn(script: string): readonly ComputedName[] {
  const templates = [...script.matchAll(TEMPLATE)].map(([, inner = ""]) => inner);
  const sums = [...script.matchAll(SUM)].map(([, , head = "", rest = ""]) =>
    head +
    rest.replace(/\s*\+\s*(?:(["'])([^"']*)\1|([\w$.()]+))/g, (_, _quote, text, expression) =>
      expression === undefined ? text : `\${${expression}}`)
  );
  const names = [...templates, ...sums].flatMap((shown) => {
    const parts = partsOf(shown, script);
    return isName(parts) ? [{ parts, shown, script }] : [];
  });
  return [...new Map(names.map((name) => [name.shown, name])).values()];
}

function partsOf(shown: string, script: string): readonly Part[] {
  return shown.split(/(\$\{[^{}]*\})/).flatMap((piece): Part[] => {
    if (piece === "") return [];
    const hole = /^\$\{\s*([^{}]*?)\s*\}$/.exec(piece)?.[1];
    return hole === undefined ? [{ text: piece }] : [{ hole: holeOf(hole, script) }];
  });
}

/** `process.platform`, `os.arch()`; a bare `platform` where the script takes it from one of these. */
function holeOf(expression: string, script: string): "platform" | "arch" | "unknown" {
  const word = /^(?:(?:process|os)\.)?(platform|arch)(?:\(\))?$/.exec(expression)?.[1];
  if (word === undefined) return "unknown";
  if (expression.includes(".")) return word as "platform" | "arch";
  const source =
    `(?:process|os|require\\(["'](?:node:)?(?:process|os)["']\\)|["'](?:node:)?(?:process|os)["'])`;
  const isTaken = new RegExp(
    `\\{[^{}]*\\b${word}\\b[^{}]*\\}\\s*(?:=|from)\\s*${source}|\\b${word}\\s*=\\s*(?:process|os)\\.${word}\\b(?:\\(\\))?\\s*[;,\\n]`,
  ).test(script);
  return isTaken ? word as "platform" | "arch" : "unknown";
}

/** Whether a computed text may be a package's name: it says some of it itself, and is no path and no file. */
function isName(parts: readonly Part[]): boolean {
  const text = parts.map((part) => "text" in part ? part.text : "x").join("");
  const own = parts.map((part) => "text" in part ? part.text : "").join("");
  const [first] = parts;
  if (first === undefined || !("text" in first) || !/[a-z]/i.test(own)) return false;
  const package_ = new RegExp(`^(${NAME})(/.*)?$`, "i").exec(text)?.[1];
  return package_ !== undefined && !/\.(node|wasm|[cm]?[jt]s|json|exe)$/.test(package_) &&
    !/\s/.test(text);
}

/** A platform package, as what scripts ask for is held against it. */
export interface SoughtName {
  readonly name: string;
  readonly triple: string;
}

/** The name that a script puts together on a target's machine; undefined where that cannot be told. */
export function computedFor(
  { parts }: ComputedName,
  triple: string,
): string | undefined {
  const { os, cpu } = platformOf(triple);
  const words = { platform: os, arch: cpu, unknown: undefined };
  let text = "";
  for (const part of parts) {
    const piece = "text" in part ? part.text : words[part.hole];
    if (piece === undefined) return undefined;
    text += piece;
  }
  return new RegExp(`^(${NAME})`, "i").exec(text)?.[1];
}

/**
 * Whether a computed name can come out as a package's: what is not known may be anything. A path behind the name asks for
 * the package in front of it: `@acme/demo-${platform}/bin/demo`.
 */
export function mayBe(computed: ComputedName, { name, triple }: SoughtName): boolean {
  const whole = sourceOf(computed, { triple, unknown: "[\\w.~/-]*" });
  // What stands for one part of a name has no slash in it.
  const part = sourceOf(computed, { triple, unknown: "[\\w.~-]*" });
  const head = part.split("/").slice(0, name.startsWith("@") ? 2 : 1).join("/");
  return [name, `${name}/package.json`].some((text) => new RegExp(`^${whole}$`).test(text)) ||
    new RegExp(`^${whole}(/.*)?$`).test(`${name}/`) || new RegExp(`^${head}$`).test(name);
}

/** A computed name as a regular expression; `unknown` is the one for what cannot be told. */
function sourceOf(
  { parts }: ComputedName,
  { triple, unknown }: { readonly triple: string; readonly unknown: string },
): string {
  const { os, cpu } = platformOf(triple);
  const words = { platform: os, arch: cpu, unknown: undefined };
  return parts.map((part) => {
    const piece = "text" in part ? part.text : words[part.hole];
    return piece === undefined ? unknown : piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  }).join("");
}

/** Whether a script adds to a computed name what the package's name has behind it: `-glibc`, `-musl`. */
export function mayGrowInto(computed: ComputedName, sought: SoughtName): boolean {
  const start = computedFor(computed, sought.triple);
  if (start === undefined || !sought.name.startsWith(`${start}-`)) return false;
  const rest = sought.name.slice(start.length);
  return [rest, rest.slice(1)].some((word) =>
    ["'", '"', "`"].some((quote) => computed.script.includes(quote + word + quote))
  );
}

/** The target whose spelling a package's name ends with; undefined where it ends with none, or is nothing else. */
export function tripleAtEnd(name: string): string | undefined {
  const base = name.slice(name.lastIndexOf("/") + 1);
  if (base === name && ENDS.has(base)) return undefined;
  for (let at = 0; at >= 0;) {
    const rest = base.slice(at);
    if (ENDS.has(rest)) return rest;
    const next = rest.search(/[-._]/);
    at = next < 0 ? -1 : at + next + 1;
  }
  return undefined;
}

const ENDS: ReadonlySet<string> = new Set(KNOWN_TRIPLES);
