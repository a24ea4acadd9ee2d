/**
 * Files of cargo's settings (`.cargo/config.toml`): what they say of where crates go and of programs beside a token.
 *
 * @module
 */

import { parse } from "smol-toml";
import { parseCargoToml } from "./cargo_toml.ts";

/** One value of a file. */
export interface CargoSetting {
  /** From the top: `["http", "proxy"]`, for every notation that means that. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** Counted from 1. */
  readonly line: number;
  /** The line itself. */
  readonly excerpt: string;
}

/** The values of a file, in its order. Throws what `parseCargoToml()` throws. */
export function readCargoSettings(text: string, file: string): readonly CargoSetting[] {
  return parseCargoToml(text, file).leaves.map(({ path, value, range: [start] }) => {
    const line = text.slice(0, start).split("\n").length;
    return { path, value, line, excerpt: text.split(/\r?\n/)[line - 1] ?? "" };
  });
}

/** The files that a file includes, from its folder: a path, a list of them, or of tables that have one. */
export function includedFiles(text: string): readonly string[] {
  try {
    return pathsIn((parse(text) as { include?: unknown }).include);
  } catch {
    // What this parser does not read, and the other one does, cargo judges.
    return [];
  }
}

function pathsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(pathsIn);
  return typeof value === "object" && value !== null
    ? pathsIn((value as { path?: unknown }).path)
    : [];
}

/** What a setting does that leads crates elsewhere. */
export interface LeadingSetting {
  /** The variable by which the user says the same; undefined where cargo has none. */
  readonly variable: string | undefined;
  /** What is to be done, beside removing the line. */
  readonly mend: string;
  /** Whether an index that `PIOT_CRATES_INDEX_URL` names goes before it. */
  readonly yieldsToIndex: boolean;
}

const ONLY_CRATES_IO =
  "piot publishes to crates.io; take a crate that belongs elsewhere out of putitoutthere.toml";
const OWN_FILE = "if crates.io is reached that way, say so in config.toml of CARGO_HOME";

/** What leads crates, or a token, elsewhere; undefined for every other setting. */
export function leadingSetting({ path, value }: CargoSetting): LeadingSetting | undefined {
  const key = path.join(".");
  switch (key) {
    case "http.proxy":
    case "http.cainfo":
    case "http.proxy-cainfo": {
      const variable = `CARGO_${key.toUpperCase().replace(/[.-]/g, "_")}`;
      const mend = `if crates.io is reached that way, set ${variable} for the publish step`;
      return { variable, mend, yieldsToIndex: false };
    }
    case "registry.default":
    case "registry.index":
      return value === "crates-io"
        ? undefined
        : { variable: undefined, mend: ONLY_CRATES_IO, yieldsToIndex: true };
    case "source.crates-io.replace-with":
    case "source.crates-io.registry":
    case "registries.crates-io.index":
      return { variable: undefined, mend: OWN_FILE, yieldsToIndex: true };
  }
  return undefined;
}

/** Whether a setting names a program that would be handed the token, or asked for it. */
export function isCredentialProgram({ path }: CargoSetting): boolean {
  const [table, name, key] = path;
  if (table === "credential-alias") return true;
  if (table === "registries") return name === "crates-io" && key === "credential-provider";
  return table === "registry" &&
    (name === "credential-provider" || name === "global-credential-providers");
}

/** Whether the sources that stand in for crates.io are folders in the end: nothing goes over the network then. */
export function isReplacedByFolder(settings: readonly CargoSetting[]): boolean {
  const valueOf = (...wanted: readonly string[]): unknown =>
    settings.find(({ path }) => path.join("\n") === wanted.join("\n"))?.value;
  const seen = new Set<string>();
  let name = "crates-io";
  for (;;) {
    if (seen.has(name)) return false;
    seen.add(name);
    const next = valueOf("source", name, "replace-with");
    if (typeof next !== "string") break;
    name = next;
  }
  return ["directory", "local-registry"].some((kind) =>
    valueOf("source", name, kind) !== undefined
  );
}
