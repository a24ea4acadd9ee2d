/**
 * Every code a {@link Failure} can carry: its exit status, what trips it, and the way out. The codes of each part of the
 * program are a table in `failure_codes/`; `docs/errors.md` is written from them. Codes are public: one is added, none
 * is renamed.
 *
 * @module
 */

import { ARTIFACT_CODES } from "./failure_codes/artifact.ts";
import { CONFIG_CODES } from "./failure_codes/config.ts";
import { CRATES_CODES } from "./failure_codes/crates.ts";
import type { CodesOf, CodesTwice, FailureDoc, None } from "./failure_codes/failure_doc.ts";
import { GITHUB_CODES } from "./failure_codes/github.ts";
import { IDENTITY_CODES } from "./failure_codes/identity.ts";
import { MACHINE_CODES } from "./failure_codes/machine.ts";
import { NPM_CODES } from "./failure_codes/npm.ts";
import { PLAN_CODES } from "./failure_codes/plan.ts";
import { PYPI_CODES } from "./failure_codes/pypi.ts";
import { REGISTRY_CODES } from "./failure_codes/registry.ts";
import { REQUEST_CODES } from "./failure_codes/request.ts";
import { TAG_CODES } from "./failure_codes/tag.ts";
import { USAGE_CODES } from "./failure_codes/usage.ts";

/**
 * The tables, each under its heading in `docs/errors.md`.
 *
 * @internal
 */
export interface FailureTables {
  readonly "Command line": typeof USAGE_CODES;
  readonly Configuration: typeof CONFIG_CODES;
  readonly "Trailers and release requests": typeof REQUEST_CODES;
  readonly Plan: typeof PLAN_CODES;
  readonly "Files, programs and network": typeof MACHINE_CODES;
  readonly Artifacts: typeof ARTIFACT_CODES;
  readonly "Any registry": typeof REGISTRY_CODES;
  readonly "Trusted publishing and provenance": typeof IDENTITY_CODES;
  readonly "crates.io": typeof CRATES_CODES;
  readonly npm: typeof NPM_CODES;
  readonly PyPI: typeof PYPI_CODES;
  readonly Tags: typeof TAG_CODES;
  readonly "GitHub Releases": typeof GITHUB_CODES;
}

/** The tables, in the order of `docs/errors.md`. */
export const FAILURE_TABLES: FailureTables = {
  "Command line": USAGE_CODES,
  Configuration: CONFIG_CODES,
  "Trailers and release requests": REQUEST_CODES,
  Plan: PLAN_CODES,
  "Files, programs and network": MACHINE_CODES,
  Artifacts: ARTIFACT_CODES,
  "Any registry": REGISTRY_CODES,
  "Trusted publishing and provenance": IDENTITY_CODES,
  "crates.io": CRATES_CODES,
  npm: NPM_CODES,
  PyPI: PYPI_CODES,
  Tags: TAG_CODES,
  "GitHub Releases": GITHUB_CODES,
};

/** A code of the closed set. */
export type FailureCode = CodesOf<FailureTables>;

/** A code that stands in two tables: there is none, or the compiler stops here and names it. */
type RepeatedCode = None<CodesTwice<FailureTables>>;

/** The documentation of every code. */
export const FAILURE_CODES: Readonly<Record<FailureCode | RepeatedCode, FailureDoc>> = Object
  .assign({}, ...Object.values(FAILURE_TABLES));
