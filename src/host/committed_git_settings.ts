/**
 * git's settings in committed files. A clone brings none along: what stands in `.git/config` and in the home folder is the
 * user's own. But a file of the checkout that one of those includes is anybody's who could commit it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { realpath } from "node:fs/promises";
import { isAbsolute, join, normalize, relative, sep } from "node:path";
import { combineFailures, Failure } from "../error.ts";
import { readTextIfThere } from "./files.ts";
import type { Git } from "./git.ts";
import { withoutUsers } from "./loopback.ts";

/**
 * What leads git elsewhere, gives it credentials, or starts programs beside them: addresses, everything about HTTP and
 * credentials, and the programs that it speaks through (git-config(1)).
 */
const LEADING = String
  .raw`^(url\..*\.(insteadof|pushinsteadof)|http\..*|credential\..*|remote\..*|protocol\..*|core\.(sshcommand|askpass|gitproxy|fsmonitor)|ssh\..*)$`;

/** A setting, and the file that it stands in. */
interface PlacedSetting {
  readonly key: string;
  /** Absolute. */
  readonly path: string;
}

/** Throws `PIOT_SETTINGS_COMMITTED` for every such setting in a file that the repository tracks. */
export async function requireOwnGitSettings(git: Git): Promise<void> {
  const settings = await readSettings(git);
  if (settings.length === 0) return;
  const places = await git.text(["rev-parse", "--path-format=absolute", "--show-toplevel"]);
  const top = places.trimEnd();
  const placed = await Promise.all(settings.map(async ({ key, file }) => {
    const path = normalize(isAbsolute(file) ? file : join(top, file));
    // A link from elsewhere leads to what somebody committed just as well.
    const real = await realpath(path).catch(() => path);
    return [...new Set([path, real])].map((path) => ({ key, path }));
  }));
  const inside = placed.flat().filter(({ path }) => isBelow(top, path));
  if (inside.length === 0) return;
  const tracked = await trackedOf(git, inside.map(({ path }) => path), top);
  const failures = await Promise.all(
    inside.filter(({ path }) => tracked.has(path)).map((setting) => refusal(setting, top)),
  );
  if (failures.length > 0) throw combineFailures(failures);
}

async function readSettings(
  git: Git,
): Promise<readonly { readonly key: string; readonly file: string }[]> {
  const args = ["config", "--null", "--show-origin", "--name-only", "--get-regexp", LEADING];
  const { stdout } = await git.run(args, { accept: [0, 1] });
  const words = Buffer.from(stdout).toString().split("\0");
  const settings: { key: string; file: string }[] = [];
  for (let index = 0; index + 1 < words.length; index += 2) {
    const [origin = "", key = ""] = [words[index], words[index + 1]];
    if (origin.startsWith("file:")) settings.push({ key, file: origin.slice("file:".length) });
  }
  return settings;
}

/** git's own folder is no part of the work tree, wherever it lies. */
function isBelow(top: string, path: string): boolean {
  const way = relative(top, path);
  return way !== "" && !way.startsWith("..") && !isAbsolute(way) && way.split(sep)[0] !== ".git";
}

async function trackedOf(
  git: Git,
  paths: readonly string[],
  top: string,
): Promise<ReadonlySet<string>> {
  const args = ["--literal-pathspecs", "ls-files", "--full-name", "-z", "--", ...new Set(paths)];
  const names = (await git.text(args)).split("\0").filter((name) => name !== "");
  return new Set(names.map((name) => join(top, name)));
}

async function refusal({ key, path }: PlacedSetting, top: string): Promise<Failure> {
  const file = relative(top, path).replaceAll("\\", "/");
  const lines = (await readTextIfThere(path) ?? "").split(/\r?\n/);
  const name = key.split(".").at(-1)!;
  const at = lines.findIndex((line) => line.trim().toLowerCase().startsWith(name));
  const place = at < 0 ? file : `${file}:${at + 1}`;
  return new Failure(
    "PIOT_SETTINGS_COMMITTED",
    `Cannot let ${place} say where git goes, and with what: it sets \`${
      withoutUsers(key)
    }\`, and git's settings include it`,
    {
      hint:
        `If git is to do that, set \`${key}\` in .git/config or in your own settings (in a job also by GIT_CONFIG_COUNT); else take the file out of \`include.path\``,
      location: at < 0 ? { file } : { file, line: at + 1, excerpt: withoutUsers(lines[at]!) },
    },
  );
}
