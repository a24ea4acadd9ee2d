/**
 * Sends one crate with `cargo publish`, once.
 *
 * @module
 */

import { join } from "node:path";
import {
  type CargoVerdict,
  classifyPublish,
  saysUploaded,
} from "../../core/crates/cargo_output.ts";
import type { Cargo } from "../../host/cargo.ts";
import { kindOfPath } from "../../host/files.ts";
import { hashFile } from "../../host/hash_file.ts";
import { crateDigest, type CratesPrepared } from "./crates_prepared.ts";
import { specOf } from "./package_crates.ts";

/** What sending needs. */
export interface SendParts {
  readonly cargo: Cargo;
  /** Receives the digest of what was sent, by file name. */
  readonly sent: Map<string, string>;
}

/** Sends the crate that was packaged before, and reads what became of it from what cargo says. */
export async function sendCrate(
  { cargo, sent }: SendParts,
  { prepared, token }: { readonly prepared: CratesPrepared; readonly token: string },
): Promise<CargoVerdict> {
  const { release, workspace, targetFolder, files: [file] } = prepared;
  const args = [
    "publish",
    // Without it, `registry.default` of any settings file above could send the crate, and the token, elsewhere.
    "--registry",
    "crates-io",
    "--package",
    specOf(release),
    // Built before, without the token in its environment.
    "--no-verify",
    "--allow-dirty",
    "--target-dir",
    targetFolder,
  ];
  // Once the upload is accepted cargo only waits for the index, for up to a minute; whoever needs that waits better.
  const run = await cargo(args, { cwd: workspace, token, stopWhen: saysUploaded });
  const digest = await sentDigest(targetFolder, file!.name);
  if (digest !== undefined) sent.set(file!.name, digest);
  return classifyPublish(run);
}

/** The digest of the file that cargo made for the upload: in `tmp-crate` since 1.91, beside it before. */
async function sentDigest(targetFolder: string, name: string): Promise<string | undefined> {
  for (const folder of ["package/tmp-crate", "package"]) {
    const path = join(targetFolder, folder, name);
    if (await kindOfPath(path) !== "file") continue;
    return crateDigest((await hashFile(path, ["sha256"])).sha256);
  }
  return undefined;
}
