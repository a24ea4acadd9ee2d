/**
 * A release world in a step of GitHub Actions, whose servers may tell everybody what they were told in confidence; and
 * everything that a run leaves where somebody reads it.
 */

import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalReply, LocalRequest } from "../../src/rehearsal/server/messages.ts";
import { type PlaceName, PLACES } from "../../src/rehearsal/server/places.ts";
import type { Services } from "../../src/command/rehearse/open_services.ts";
import { findCanary } from "./canary.ts";
import type { CliRun, ReleaseWorld } from "./release_world.ts";
import { readRunnerFile } from "./runner.ts";
import { type Spell, SPELLINGS } from "./spelled.ts";

/** Where a run writes. */
export type SinkName =
  | "standard output"
  | "standard error"
  | "annotations"
  | "outputs"
  | "summary"
  | "plan file";

/** What a run wrote, by where it did. */
export type Sinks = Readonly<Record<SinkName, string>>;

/** Variables that hold what must not be seen. */
const SECRET_VARIABLES = [
  "CARGO_REGISTRY_TOKEN",
  "PYPI_API_TOKEN",
  "NODE_AUTH_TOKEN",
  "GITHUB_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
];

/** Makes the world a step of a workflow, with files for all that a step can leave. */
export async function enterStep({ env, root }: ReleaseWorld): Promise<void> {
  const folder = join(root, "..", "runner");
  await mkdir(join(folder, "temp"), { recursive: true });
  Object.assign(env, {
    GITHUB_ACTIONS: "true",
    GITHUB_OUTPUT: join(folder, "output"),
    GITHUB_STEP_SUMMARY: join(folder, "summary"),
    RUNNER_TEMP: join(folder, "temp"),
  });
}

/** The sinks of a run; its files are gone afterwards. The runner's masks are no sink: it swallows them. */
export async function sinksOf({ env }: ReleaseWorld, run: CliRun): Promise<Sinks> {
  const temp = env["RUNNER_TEMP"]!;
  const left = (await readdir(temp, { recursive: true })).filter((path) => path.endsWith(".json"));
  const plans = await Promise.all(left.map((path) => readFile(join(temp, path), "utf8")));
  const [output = "", summary = ""] = await Promise.all(
    [env["GITHUB_OUTPUT"]!, env["GITHUB_STEP_SUMMARY"]!].map((path) => readAndRemove(path)),
  );
  await rm(temp, { recursive: true });
  await mkdir(temp);
  const lines = run.stderr.split("\n");
  const isAnnotation = (line: string): boolean => /^::(?!add-mask::)/.test(line);
  return {
    "standard output": run.stdout,
    "standard error": lines.filter((line) => !line.startsWith("::")).join("\n"),
    "annotations": lines.filter(isAnnotation).join("\n"),
    "outputs": output,
    "summary": summary,
    "plan file": plans.join("\n"),
  };
}

async function readAndRemove(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch(() => "");
  await writeFile(path, "");
  return text;
}

/** Every secret that is about by now. */
export function secretsOf({ env, services }: ReleaseWorld): readonly string[] {
  const held = SECRET_VARIABLES.map((name) => env[name] ?? "").filter((secret) => secret !== "");
  const onPypi = [...services.pypi.tokens].flatMap(([secret, { holder }]) =>
    "publisher" in holder ? [secret] : []
  );
  const onCrates = services.crates.trusted.map(({ secret }) => secret);
  const minted = [...services.npm.minted.keys(), ...onPypi, ...onCrates];
  return [...held, ...services.job?.identity.issued ?? [], ...minted];
}

/** Where any secret is seen, as sentences; empty where none is. */
export function leaksOf(sinks: Sinks, secrets: readonly string[]): readonly string[] {
  return Object.entries(sinks).flatMap(([sink, text]) =>
    findCanary(text, ...secrets).map((found) => `${sink}: ${found}`)
  );
}

/** The sinks that something was hidden in: Markdown has references for stars. */
export function hidingSinks(sinks: Sinks): readonly SinkName[] {
  const names = Object.keys(sinks) as SinkName[];
  return names.filter((name) => /\*{3}|(?:&#42;){3}/.test(sinks[name]));
}

/** How a server tells what it was told: what of an answer the secret stands in. */
export type Telling = (secret: string) => LocalReply;

/** Answers every request of a place with what its own `Authorization` bears, spelled and told in some way. */
export function tellOn(
  services: Services,
  { place, spell, tell, times = 50 }: {
    readonly place: PlaceName;
    readonly spell: Spell;
    readonly tell: Telling;
    readonly times?: number;
  },
): { stop: () => void; told: () => number } {
  let secret = "";
  let told = 0;
  let isOn = true;
  const reply = {
    get status(): number {
      return tell(spell(secret)).status;
    },
    get headers(): LocalReply["headers"] {
      return tell(spell(secret)).headers;
    },
    get body(): LocalReply["body"] {
      told++;
      return tell(spell(secret)).body;
    },
  };
  services.breakNext(PLACES[place].service, {
    matches: (request) => {
      if (!isOn || request.place !== place) return false;
      secret = tokenOf(request);
      return true;
    },
    how: reply as LocalReply,
    times,
  });
  return { stop: () => void (isOn = false), told: () => told };
}

/** The token of a request; of one that bears none a word that is no secret. */
function tokenOf({ headers, body }: LocalRequest): string {
  const [, scheme = "", value = ""] = /^(\w+) (.+)$/.exec(headers.get("authorization") ?? "") ?? [];
  if (scheme.toLowerCase() === "basic") return atob(value).replace(/^[^:]*:/, "");
  // An exchange has the identity token in its body: Sigstore's, PyPI's, that of crates.io.
  const field = /"(?:oidcIdentityToken|token|jwt)"\s*:\s*"([^"]+)"/;
  const identity = field.exec(new TextDecoder().decode(body))?.[1];
  return value || headers.get("authorization") || identity || "nothing-was-told";
}

/** Where the words of an answer are shown that ends a run before it released anything. */
export const SAID: readonly SinkName[] = ["standard output", "standard error", "annotations"];

/** Where the words of an answer are shown that ends one package. */
export const TOLD: readonly SinkName[] = [...SAID, "outputs", "summary"];

/** The words of an answer, wherever a service has them. */
export function wordsOf(status: number): Telling {
  return (words) => ({
    status,
    body: {
      ...{ error: words, message: words, code: words },
      errors: [{ code: words, description: words, detail: words }],
    },
  });
}

/** What is asked of a place: to tell its secret in every spelling, in some way. */
export interface Asked {
  readonly place: PlaceName;
  readonly spellings: readonly string[];
  readonly tell: Telling;
  /** What is published; everything that is planned when left out. */
  readonly words?: readonly string[];
}

/** Publishes once for each spelling, and looks for the secret everywhere; gives where it was hidden. */
export async function askAll(
  world: ReleaseWorld,
  { place, spellings, tell, words = [] }: Asked,
): Promise<ReadonlySet<SinkName>> {
  const hiding = new Set<SinkName>();
  for (const how of spellings) {
    const trap = tellOn(world.services, { place, spell: SPELLINGS[how]!, tell });
    const run = await world.piot("publish", "--json", "--verbose", ...words);
    trap.stop();
    const sinks = await sinksOf(world, run);
    assert.ok(trap.told() > 0, `${how}: nothing was asked of ${place}`);
    assert.deepEqual(leaksOf(sinks, secretsOf(world)), [], how);
    assert.doesNotThrow(() => JSON.parse(run.stdout), `${how}: ${run.stdout}`);
    assert.doesNotThrow(() => readRunnerFile(sinks.outputs), how);
    for (const sink of hidingSinks(sinks)) hiding.add(sink);
  }
  return hiding;
}
