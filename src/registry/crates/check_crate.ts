/**
 * Looks into a `.crate` that cargo packaged, before it is sent: what is in it is everybody's from then on.
 *
 * @module
 */

import { ARCHIVE_LIMITS } from "../../artifact/archive/archive_guard.ts";
import { readTarGz } from "../../artifact/archive/tarball.ts";
import { findCredential, refuseCredentials } from "../../artifact/credential_files.ts";
import { namedByCargo } from "../../core/manifest/named_files.ts";
import type { CredentialFile } from "../../core/release/credential_file.ts";
import type { Failure } from "../../error.ts";
import type { CratesRelease } from "./crates_work.ts";

/** `PIOT_CREDENTIAL_FILE` for members that look like credentials and are not named in `include`. */
export async function credentialsInCrate(
  path: string,
  { package: { name } }: CratesRelease,
): Promise<readonly Failure[]> {
  const found: CredentialFile[] = [];
  let names: readonly string[] = [];
  await readTarGz(path, ARCHIVE_LIMITS, async ({ path, type, size, text }) => {
    if (type === "folder") return;
    // Every crate unpacks into a folder of its own.
    const member = path.slice(path.indexOf("/") + 1);
    if (member === "Cargo.toml") names = namedByCargo(await text());
    const credential = await findCredential({ path: member, size, text });
    if (credential !== undefined) found.push(credential);
  });
  const place = "`include` of its Cargo.toml";
  return refuseCredentials(found, { subject: name, named: { names, place } });
}
