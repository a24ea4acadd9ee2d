/**
 * Where a user's cargo looks for crates of crates.io: its home, and the source that its settings put in crates.io's place
 * (the cargo book, "Configuration" and "Source Replacement").
 *
 * @module
 */

import { dirname, join } from "node:path";
import { parse } from "smol-toml";
import { readTextIfThere } from "../../../host/files.ts";
import type { Env } from "../../../host/host.ts";

/** Where crates of crates.io are read. */
export interface CargoSettings {
  /** cargo's home: its caches are in there. */
  readonly home: string;
  /** The sparse index, without a slash at its end; undefined where the settings name something else. */
  readonly index: string | undefined;
  /** What the settings name instead of a sparse index, as a clause; empty when they name one. */
  readonly trouble: string;
}

/** What the settings are read from. */
export interface CargoSettingsSource {
  readonly env: Env;
  /** The folder that a user stands in. What is written there and above counts before what is written in cargo's home. */
  readonly folder: string;
  /** The index of crates.io itself. */
  readonly standard: string;
}

/** A table of a settings file. */
type Table = Readonly<Record<string, unknown>>;

/** How often one source may stand in for another. */
const MOST_REPLACEMENTS = 20;

/** Reads them. A file that is no TOML counts as absent: cargo itself will say so. */
export async function readCargoSettings(
  { env, folder, standard }: CargoSettingsSource,
): Promise<CargoSettings> {
  const home = env.CARGO_HOME || join(env.HOME || env.USERPROFILE || "", ".cargo");
  const files = (await Promise.all(foldersOf(folder, home).map(readConfig))).flat();
  // The nearest file comes first, and what it says wins.
  const lookUp = (table: string, name: string): Table =>
    Object.assign({}, ...[...files].reverse().map((file) => tableAt(tableAt(file, table), name)));
  let name = "crates-io";
  let isReplaced = false;
  for (let turn = 0; turn < MOST_REPLACEMENTS; turn++) {
    const next = lookUp("source", name)["replace-with"];
    if (typeof next !== "string") break;
    [name, isReplaced] = [next, true];
  }
  if (!isReplaced) return { home, index: standard, trouble: "" };
  const source = lookUp("source", name);
  const variable = env[`CARGO_REGISTRIES_${name.toUpperCase().replaceAll("-", "_")}_INDEX`];
  const address = source["registry"] ?? variable ?? lookUp("registries", name)["index"];
  return { home, ...indexOf(address, { name, standard }) };
}

function indexOf(
  address: unknown,
  { name, standard }: { readonly name: string; readonly standard: string },
): Pick<CargoSettings, "index" | "trouble"> {
  if (typeof address === "string" && address.startsWith("sparse+")) {
    return { index: address.slice("sparse+".length).replace(/\/+$/, ""), trouble: "" };
  }
  // The git index of crates.io holds what its sparse one holds.
  if (
    typeof address === "string" &&
    /^https:\/\/github\.com\/rust-lang\/crates\.io-index/.test(address)
  ) {
    return { index: standard, trouble: "" };
  }
  const found = typeof address === "string" ? "an index in git" : "no index";
  return {
    index: undefined,
    trouble: `cargo's settings name ${found} ("${name}"), which is not read here`,
  };
}

/** The folder with all that it lies in, then cargo's home. */
function foldersOf(folder: string, home: string): readonly string[] {
  const folders: string[] = [];
  for (let at = folder;; at = dirname(at)) {
    folders.push(join(at, ".cargo"));
    if (dirname(at) === at) break;
  }
  return [...folders.filter((folder) => folder !== home), home];
}

/** `config.toml`, or by its name of before 1.39 `config`. */
async function readConfig(folder: string): Promise<readonly Table[]> {
  for (const file of ["config", "config.toml"]) {
    const text = await readTextIfThere(join(folder, file)).catch(() => undefined);
    if (text === undefined) continue;
    try {
      return [parse(text)];
    } catch {
      return [];
    }
  }
  return [];
}

function tableAt(table: Table, key: string): Table {
  const value = table[key];
  return typeof value === "object" && value !== null ? value as Table : {};
}
