/**
 * cargo's settings in the checkout. cargo reads them while it builds, without a credential. For the upload it runs where it
 * does not find them; and where they say that crates, or what is sent with them, go elsewhere, nothing is uploaded.
 *
 * @module
 */

import { dirname, join, relative, resolve } from "node:path";
import {
  type CargoSetting,
  includedFiles,
  isCredentialProgram,
  isReplacedByFolder,
  leadingSetting,
  readCargoSettings,
} from "../../core/manifest/cargo_settings.ts";
import { Failure } from "../../error.ts";
import { kindOfPath, readTextIfThere } from "../../host/files.ts";
import type { Env } from "../../host/host.ts";
import { withoutUsers } from "../../host/loopback.ts";

/** What the checkout's settings come to. */
export interface CommittedSettings {
  /** One `PIOT_SETTINGS_COMMITTED` for each line that leads elsewhere. */
  readonly problems: readonly Failure[];
  /** Sentences about lines that have no effect on an upload. */
  readonly warnings: readonly string[];
}

/** What is looked at. */
export interface CommittedContext {
  /** The checkout's root, absolute. */
  readonly root: string;
  readonly env: Env;
  /** CARGO_HOME where it lies in the user's checkout, absolute: what is said there counts as committed. */
  readonly home?: string | undefined;
}

interface PlacedSetting extends CargoSetting {
  /** The file, from the checkout's root. */
  readonly file: string;
}

/** Judges the settings that cargo finds from the crates' folders upwards, within the work tree. */
export async function committedSettings(
  folders: readonly string[],
  context: CommittedContext,
): Promise<CommittedSettings> {
  const { home } = context;
  const files = new Set<string>(home === undefined ? [] : await filesIn(home));
  for (const folder of folders) {
    for (const path of await settingsFiles(folder)) files.add(path);
  }
  const settings = (await Promise.all([...files].map((path) => readPlaced(path, context)))).flat();
  if (settings.length === 0) return { problems: [], warnings: [] };
  const own = await ownSettings([...files], context);
  return {
    problems: settings.flatMap((setting) => problemOf(setting, { ...context, settings, own })),
    warnings: settings.filter(isCredentialProgram).map(({ file, line, path }) =>
      `${file}:${line}: \`${
        path.join(".")
      }\` is not used for uploads: piot hands cargo the token itself`
    ),
  };
}

/** Names of a file of settings, the older one last: cargo takes the first that it finds. */
const NAMES = ["config.toml", "config"];

async function settingsFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (let place = folder;; place = dirname(place)) {
    files.push(...await filesIn(join(place, ".cargo")));
    if (place === dirname(place) || await kindOfPath(join(place, ".git")) !== undefined) break;
  }
  return files;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const name of NAMES) {
    const path = join(folder, name);
    if (await kindOfPath(path) === "file") files.push(path);
  }
  return files;
}

/** Files that include one another are read as often as this. */
const DEEPEST = 8;

async function readPlaced(
  path: string,
  from: Pick<CommittedContext, "root" | "home">,
  depth = 0,
): Promise<readonly PlacedSetting[]> {
  const text = await readTextIfThere(path);
  if (text === undefined || depth > DEEPEST) return [];
  // Crates lie in a checkout of this run, CARGO_HOME in the user's.
  const isHome = from.home !== undefined && path.startsWith(from.home);
  const file = isHome ? path : relative(from.root, path).replaceAll("\\", "/");
  const { settings, included } = parse(text, file);
  const more = await Promise.all(
    included.map((name) => readPlaced(resolve(dirname(path), name), from, depth + 1)),
  );
  return [...settings.map((setting) => ({ ...setting, file })), ...more.flat()];
}

interface ReadFile {
  readonly settings: readonly CargoSetting[];
  readonly included: readonly string[];
}

/** cargo itself says what is wrong with a file that it cannot read. */
function parse(text: string, file: string): ReadFile {
  try {
    return { settings: readCargoSettings(text, file), included: includedFiles(text) };
  } catch (error) {
    if (error instanceof Failure) {
      return { settings: [], included: [] };
    }
    throw error;
  }
}

/** What the user's own file says; one in the checkout is nobody's own, whatever CARGO_HOME is. */
async function ownSettings(
  committed: readonly string[],
  { env, root, home: inside }: CommittedContext,
): Promise<readonly CargoSetting[]> {
  if (inside !== undefined) return [];
  const user = env.HOME || env.USERPROFILE;
  const home = env.CARGO_HOME || (user ? join(user, ".cargo") : undefined);
  if (home === undefined) return [];
  for (const name of NAMES) {
    const path = join(resolve(root, home), name);
    const text = committed.includes(path) ? undefined : await readTextIfThere(path);
    if (text !== undefined) return parse(text, path).settings;
  }
  return [];
}

function problemOf(
  setting: PlacedSetting,
  { env, settings, own }: CommittedContext & {
    readonly settings: readonly PlacedSetting[];
    readonly own: readonly CargoSetting[];
  },
): Failure[] {
  const leading = leadingSetting(setting);
  if (leading === undefined) return [];
  const { path, value, file, line, excerpt } = setting;
  const isSettled = (leading.variable !== undefined && (env[leading.variable] ?? "") !== "") ||
    (leading.yieldsToIndex && (env.PIOT_CRATES_INDEX_URL ?? "").trim() !== "") ||
    (path.at(-1) === "replace-with" && isReplacedByFolder(settings)) ||
    own.some((other) => other.path.join("\n") === path.join("\n") && other.value === value);
  if (isSettled) return [];
  return [
    new Failure(
      "PIOT_SETTINGS_COMMITTED",
      `Cannot let ${file}:${line} say where crates and tokens go: \`${path.join(".")}\` is ${
        withoutUsers(JSON.stringify(value))
      } there`,
      {
        hint: `Remove the line; or, ${leading.mend}`,
        location: { file, line, excerpt: withoutUsers(excerpt) },
      },
    ),
  ];
}
