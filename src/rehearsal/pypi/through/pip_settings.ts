/**
 * Where a user's pip looks for projects, and where its cache is: environment variables, and the files of its settings
 * (pip's documentation, "Configuration"; pip, `_internal/configuration.py`).
 *
 * @module
 */

import { join } from "node:path";
import { readTextIfThere } from "../../../host/files.ts";
import type { Env } from "../../../host/host.ts";

/** The settings. */
export interface PipSettings {
  /** `index-url`, and each `extra-index-url` behind it. */
  readonly indexes: readonly string[];
  readonly cacheDir: string;
}

/** Reads them; `standard` is the index of PyPI itself. */
export async function readPipSettings(
  { env, standard }: { readonly env: Env; readonly standard: string },
): Promise<PipSettings> {
  const values = new Map<string, string>();
  // What is read later wins; of one file what is said of `install`.
  for (const path of filesOf(env)) {
    const text = path === "" ? undefined : await readTextIfThere(path).catch(() => undefined);
    for (const [key, value] of readValues(text ?? "")) values.set(key, value);
  }
  for (const [name, value] of Object.entries(env)) {
    const [, key] = /^PIP_(.+)$/.exec(name) ?? [];
    if (key !== undefined && value) values.set(keyOf(key), value);
  }
  const extra = (values.get("extra-index-url") ?? "").split(/\s+/).filter((url) => url !== "");
  return {
    indexes: [values.get("index-url") ?? standard, ...extra],
    cacheDir: values.get("cache-dir") ?? standardCache(env),
  };
}

function keyOf(name: string): string {
  return name.trim().toLowerCase().replaceAll("_", "-");
}

/** Of the machine, then of the user, in the places of all platforms: those that are not there say nothing. */
function filesOf(env: Env): readonly string[] {
  const named = env.PIP_CONFIG_FILE;
  // pip's own way to say that no file counts.
  if (named === "/dev/null" || named?.toLowerCase() === "nul") return [];
  const home = env.HOME || env.USERPROFILE || "";
  const config = env.XDG_CONFIG_HOME || join(home, ".config");
  return [
    "/etc/pip.conf",
    ...env.APPDATA ? [join(env.APPDATA, "pip", "pip.ini")] : [],
    join(home, ".pip", "pip.conf"),
    join(home, "Library", "Application Support", "pip", "pip.conf"),
    join(config, "pip", "pip.conf"),
    named ?? "",
  ];
}

/** The keys of `[global]`, then those of `[install]`; a value goes on in lines that are indented (Python's configparser). */
function readValues(text: string): readonly (readonly [string, string])[] {
  const found: { section: string; key: string; value: string }[] = [];
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;].*)?$/.test(line)) continue;
    const [, head] = /^\[([^\]]+)\]/.exec(line) ?? [];
    const [, key, value = ""] = /^([^\s=:][^=:]*)[=:](.*)$/.exec(line) ?? [];
    if (head !== undefined) section = head.toLowerCase();
    else if (key !== undefined) found.push({ section, key: keyOf(key), value: value.trim() });
    else if (found.length > 0) found.at(-1)!.value += `\n${line.trim()}`;
  }
  return ["global", "install"].flatMap((name) =>
    found.filter((one) => one.section === name)
      .map(({ key, value }) => [key, value.trim()] as const)
  );
}

function standardCache(env: Env): string {
  const home = env.HOME || env.USERPROFILE || "";
  if (env.LOCALAPPDATA) return join(env.LOCALAPPDATA, "pip", "Cache");
  return join(env.XDG_CACHE_HOME || join(home, ".cache"), "pip");
}
