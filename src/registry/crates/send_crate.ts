/**
 * Sends one crate with `cargo publish`, once, and tells what cargo's account of it means to the user.
 *
 * @module
 */

import { join } from "node:path";
import {
  type CargoVerdict,
  classifyPublish,
  saysUploaded,
  saysUploading,
} from "../../core/crates/cargo_output.ts";
import type { IdentityClaims } from "../../core/release/identity_claims.ts";
import { Failure } from "../../error.ts";
import type { Cargo } from "../../host/cargo.ts";
import { kindOfPath } from "../../host/files.ts";
import { hashFile } from "../../host/hash_file.ts";
import { AlreadyThere, type Release } from "../registry.ts";
import { registerHint } from "./exchange_refusal.ts";
import { type CargoUpload, crateDigest, type CratesPrepared, specOf } from "./crates_work.ts";

/** What sending needs. */
export interface SendContext {
  readonly cargo: Cargo;
  /** Receives the digest of what was sent, by file name. */
  readonly sent: Map<string, string>;
}

/**
 * Sends the crate that was packaged before, and reads what became of it from what cargo says. An interruption that comes
 * before cargo sends anything ends it, and its reason is thrown.
 */
export async function sendCrate(
  { cargo, sent }: SendContext,
  { prepared, upload, token }: {
    readonly prepared: CratesPrepared;
    readonly upload: CargoUpload;
    readonly token: string;
  },
): Promise<CargoVerdict> {
  const { release, files: [file] } = prepared;
  const { workspace, targetFolder } = upload;
  const args = [
    "publish",
    // Without it, `registry.default` of any settings file above could send the crate, and the token, elsewhere.
    "--registry",
    "crates-io",
    // cargo does not run in the checkout: it would take settings, and programs, from there.
    "--manifest-path",
    join(workspace, "Cargo.toml"),
    "--package",
    specOf(release),
    // Built before, without the token in its environment.
    "--no-verify",
    "--allow-dirty",
    "--target-dir",
    targetFolder,
  ];
  // Once the upload is accepted cargo only waits for the index, for up to a minute; whoever needs that waits better.
  const run = await cargo(args, {
    ...{ cwd: workspace, token },
    ...{ stopWhen: saysUploaded, hasBegun: saysUploading },
  });
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

/** The failure that an upload ended with, in the words of cargo or crates.io. */
export function uploadFailure(
  verdict: Exclude<CargoVerdict, { kind: "uploaded" }>,
  release: Release,
  claims?: IdentityClaims,
): Failure {
  const { package: { name, registryName }, version } = release;
  const message = `Cannot publish ${name} ${version} to crates.io: ${verdict.words}`;
  switch (verdict.kind) {
    case "exists":
      return new AlreadyThere("PIOT_VERSION_TAKEN", message, {
        hint: "Look at what crates.io has; if it is not this release, release a higher version",
      });
    case "busy":
      return new Failure("PIOT_REGISTRY_BUSY", message, {
        hint: /in the last 24 hours/.test(verdict.words)
          ? "crates.io counts the versions of one crate in 24 hours, and names no date: run again tomorrow from the same commit; what was uploaded is skipped"
          : "Run again from the same commit when the limit has passed; what was uploaded is skipped",
      });
    case "unauthorised":
      return new Failure("PIOT_AUTH_REFUSED", message, {
        hint: claims === undefined
          ? `Give the token the scope and the crate it needs at https://crates.io/settings/tokens, of a user who owns ${registryName}`
          : `The token of trusted publishing lives for half an hour, and is good for crates that have this job on file: ${
            registerHint(claims, registryName)
          }`,
      });
    case "refused":
      return new Failure("PIOT_REGISTRY_REFUSED", message, {
        hint: "Mend what crates.io names, then run again",
      });
    case "unresolved":
      return new Failure("PIOT_CRATES_DEPENDENCY", message, {
        hint: "Check that the dependency is published at that version, then run again",
      });
    case "unknown":
      return new Failure("PIOT_REGISTRY_UNKNOWN", message, {
        hint: "Run again from the same commit: crates.io is asked first whether the upload arrived",
      });
    case "failed":
      return new Failure("PIOT_CARGO", message, {
        hint: "Mend what cargo names; nothing was sent",
      });
  }
}
