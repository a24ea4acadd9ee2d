/** A build job beside a world of crates: it writes versions as `set-version` does, and packages with real cargo. */

import assert from "node:assert/strict";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { gunzipSync, gzipSync } from "node:zlib";
import { packTar, unpackTar } from "modern-tar";
import { kindOfPath } from "../../../src/host/files.ts";
import { CRATES_VERSIONS } from "../../../src/registry/crates/crates_versions.ts";
import type { CratesPrepared } from "../../../src/registry/crates/crates_work.ts";
import type { Registry, Release } from "../../../src/registry/registry.ts";
import { cargoEnvironment, cargoUser, type CratesWorld } from "./crates_world.ts";

/** What a build job does besides. */
export interface BuildJob {
  /** The folder of the workspace that cargo packages in. */
  readonly at?: string;
  /** Changes the checkout before cargo packages it. */
  readonly before?: (checkout: string) => Promise<void>;
  /** Features of the call to cargo. */
  readonly args?: readonly string[];
}

/** Checks the commit out elsewhere, writes the versions, packages; gives the folder of what cargo made. */
export async function build(
  world: CratesWorld,
  releases: readonly Release[],
  { at = ".", before, args = [] }: BuildJob = {},
): Promise<string> {
  const checkout = join(world.home.path, `build-${crypto.randomUUID()}`);
  await cp(world.repo.path, checkout, { recursive: true, verbatimSymlinks: true });
  const { texts } = await CRATES_VERSIONS.write({
    host: { env: cargoEnvironment(world.home.path) },
    root: checkout,
    releases,
    standing: [],
  });
  for (const [path, text] of texts) await writeFile(path, text);
  await before?.(checkout);
  const names = releases.flatMap(({ package: { registryName } }) => ["-p", registryName]);
  const user = { home: world.home.path, server: world.server, cwd: join(checkout, at) };
  const target = join(checkout, "target-of-the-job");
  const place = ["--target-dir", target];
  const packaging = ["package", "--allow-dirty", "--no-verify", ...place, ...names, ...args];
  const { code, output } = await cargoUser(user, packaging);
  assert.equal(code, 0, output);
  return join(target, "package");
}

/** The releases with what a build job made, all of it for each. */
export function withCrates(releases: readonly Release[], folder: string): readonly Release[] {
  return releases.map((release) => ({
    ...release,
    artifacts: [{ target: "noarch", name: `${release.package.name}-crate`, folder }],
  }));
}

/** A publisher on a machine that has git, and no cargo. */
export async function cargolessRegistry(world: CratesWorld): Promise<Registry<CratesPrepared>> {
  const bin = join(world.home.path, "bin");
  await mkdir(bin, { recursive: true });
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const git = join(folder, "git");
    if (await kindOfPath(git) !== "file") continue;
    await symlink(git, join(bin, "git")).catch(() => {});
    break;
  }
  return world.registry({ env: { PATH: bin } });
}

/** Sends what was prepared, in order, and looks whether it is there. */
export async function uploadAll(
  registry: Registry<CratesPrepared>,
  prepared: readonly CratesPrepared[],
): Promise<void> {
  for (const crate of prepared) {
    const look = await registry.look(crate);
    const credential = await registry.authorise(crate, look);
    await registry.upload(crate, crate.files[0]!, { credential });
    const after = await registry.look(crate, { fresh: true });
    assert.deepEqual([...after.files.values()], [{ state: "same" }]);
  }
}

/** Writes a crate anew, with the text of one of its files changed by somebody. */
export async function rewriteCrate(
  { from, to, file }: { readonly from: string; readonly to: string; readonly file: string },
  change: (text: string) => string,
): Promise<void> {
  const entries = await unpackTar(gunzipSync(await readFile(from)));
  const changed = entries.map(({ header, data }) => {
    if (!header.name.endsWith(`/${file}`) || header.name.split("/").length !== 2) {
      return { header, body: data };
    }
    const text = new TextDecoder().decode(data);
    const body = new TextEncoder().encode(change(text));
    assert.notEqual(new TextDecoder().decode(body), text, "nothing was changed");
    return { header: { ...header, size: body.length }, body };
  });
  await mkdir(dirname(to), { recursive: true });
  await writeFile(
    to,
    gzipSync(await packTar(changed.map(({ header, body }) => ({ header, body: body! })))),
  );
}
