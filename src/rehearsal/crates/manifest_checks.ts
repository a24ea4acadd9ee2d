/**
 * What crates.io asks of a crate's name and version, in its words, and that the packaged Cargo.toml is about them.
 *
 * @module
 */

import { Refusal } from "../server/messages.ts";
import { isSemver } from "../server/semver.ts";
import { checkName } from "./name_checks.ts";
import type { Table } from "./upload_body.ts";

/** The name and the version of the JSON, the first things that are judged. */
export function checkNameAndVersion({ name, vers }: { name: string; vers: string }): void {
  checkName(name, "crate");
  if (!isSemver(vers)) throw new Refusal(400, `"${vers}" is an invalid semver version`);
  if (vers.length > 150) throw new Refusal(400, `version number is too long (max 150 characters)`);
}

/** The table of its migrations (`create_reserved_crate_names`), and Windows' devices. */
const RESERVED = new Set(
  ("alloc arena ast builtins collections compiler_builtins compiler_rt compiletest core coretest " +
    "debug driver flate fmt_macros grammar graphviz macro macros proc_macro rbml rust_installer " +
    "rustbook rustc rustc_back rustc_borrowck rustc_driver rustc_llvm rustc_resolve rustc_trans " +
    "rustc_typeck rustdoc rustllvm rustuv serialize std syntax test unicode con prn aux nul " +
    "com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9")
    .split(" "),
);

/** Whether a canonical name can never be a crate's. */
export function isReserved(canonical: string): boolean {
  return RESERVED.has(canonical);
}

/** `[package]` of a manifest. */
export function packageTable(manifest: Table): Table {
  const table = manifest.package;
  if (typeof table === "object" && table !== null) return table as Table;
  throw new Refusal(
    400,
    "failed to parse `Cargo.toml` manifest file\n\nmissing field `package`",
  );
}

/** The packaged manifest must be the one that the JSON speaks of. */
export function checkAgreement(table: Table, { name, vers }: { name: string; vers: string }): void {
  const pairs: [string, string, unknown][] = [["name", name, table.name], [
    "version",
    vers,
    table.version,
  ]];
  for (const [what, said, packaged] of pairs) {
    if (said === packaged) continue;
    throw new Refusal(
      400,
      `metadata ${what} \`${said}\` does not match manifest ${what} \`${packaged}\``,
    );
  }
}
