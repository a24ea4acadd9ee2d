/**
 * What cargo's account of an upload means to the user.
 *
 * @module
 */

import type { CargoVerdict } from "../../core/crates/cargo_output.ts";
import { Failure } from "../../error.ts";
import type { Release } from "../registry.ts";

/** The failure that an upload ended with, in the words of cargo or crates.io. */
export function uploadFailure(
  verdict: Exclude<CargoVerdict, { kind: "uploaded" }>,
  release: Release,
): Failure {
  const { package: { name, registryName }, version } = release;
  const message = `Cannot publish ${name} ${version} to crates.io: ${verdict.words}`;
  switch (verdict.kind) {
    case "exists":
      return new Failure("PIOT_VERSION_TAKEN", message, {
        hint: "Look at what crates.io has; if it is not this release, release a higher version",
      });
    case "busy":
      return new Failure("PIOT_REGISTRY_BUSY", message, {
        hint:
          "Run again from the same commit when the limit has passed; what was uploaded is skipped",
      });
    case "unauthorised":
      return new Failure("PIOT_AUTH_REFUSED", message, {
        hint:
          `Give the token the scope and the crate it needs at https://crates.io/settings/tokens, of a user who owns ${registryName}`,
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
