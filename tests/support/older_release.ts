/** A release that is on its registry and has no tag, since the push of that was refused; and the commit that comes next. */

import { join } from "node:path";
import { createGit } from "../../src/host/git.ts";
import type { OutcomeDocument } from "../../src/report/documents.ts";
import { attest } from "./attest.ts";
import type { CliRun, ReleaseWorld } from "./release_world.ts";

/** GitHub refuses every push from now on, until the gate is shut. */
export function refusePushes(world: Pick<ReleaseWorld, "services">): { open: boolean } {
  const gate = { open: true };
  world.services.breakNext("GitHub", {
    matches: ({ method, path }) =>
      gate.open && method === "POST" && path.endsWith("/git-receive-pack"),
    how: { status: 403, body: "Permission denied" },
    times: Infinity,
  });
  return gate;
}

/** HEAD's full object id. */
export async function headOf({ git }: Pick<ReleaseWorld, "git">): Promise<string> {
  return (await git.text(["rev-parse", "HEAD"])).trim();
}

/** The repository behind the remote. */
export function bareOf({ root }: Pick<ReleaseWorld, "root">): string {
  return join(root, "../remote.git");
}

/** The commit that a tag of the remote stands on. */
export async function commitOfTag(world: ReleaseWorld, tag: string): Promise<string> {
  const git = createGit({ cwd: bareOf(world), env: world.env });
  return (await git.text(["rev-parse", `refs/tags/${tag}^{commit}`])).trim();
}

export interface Told {
  readonly status: number;
  readonly stderr: string;
  readonly of: Readonly<Record<string, OutcomeDocument>>;
  readonly warnings: readonly string[];
}

/** What `publish --json` told, by package. */
export function toldBy({ status, stdout, stderr }: CliRun): Told {
  const { packages = [], warnings = [], failure } = JSON.parse(stdout) as {
    packages?: readonly OutcomeDocument[];
    warnings?: readonly string[];
    failure?: { message: string };
  };
  if (failure !== undefined) throw new Error(`the run failed: ${failure.message}`);
  return {
    ...{ status, stderr, warnings },
    of: Object.fromEntries(packages.map((outcome) => [outcome.name, outcome])),
  };
}

/** Publishes what is planned, and tells. */
export async function publishes(world: ReleaseWorld, ...flags: readonly string[]): Promise<Told> {
  return toldBy(await world.piot("publish", "--json", ...flags));
}

/** Publishes HEAD without being able to tag it; gives the commit. */
export async function publishUntagged(
  world: ReleaseWorld,
  ...flags: readonly string[]
): Promise<string> {
  const gate = refusePushes(world);
  const { status, stderr, of } = await publishes(world, ...flags);
  gate.open = false;
  if (status !== 1 || !Object.values(of).every((outcome) => isUntagged(outcome))) {
    throw new Error(`the push was to be refused: ${stderr}`);
  }
  return await headOf(world);
}

function isUntagged({ status, failure }: OutcomeDocument): boolean {
  return status === "blocked" || failure?.code.startsWith("PIOT_TAG_") === true;
}

/** What a trusted publisher attests of everything that PyPI holds and nobody has attested: the commit of its job. */
export function attestHeld({ services: { pypi } }: ReleaseWorld, commit: string): void {
  for (const [name, file] of pypi.files) {
    if ((file.attestations ?? []).length > 0) continue;
    const attestations = [attest({ fileName: name, bytes: file.bytes, commit })];
    pypi.files.set(name, { ...file, attestations });
  }
}
