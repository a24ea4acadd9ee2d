/**
 * Every code a {@link Failure} can carry: its exit status, what trips it, and the way out. The codes of each part of the
 * program are a table in `failure_codes/`; `docs/errors.md` is written from them. Codes are public: one is added, none
 * is renamed.
 *
 * @module
 */

import { ARTIFACT_CODES, MACHINE_CODES } from "./failure_codes/machine.ts";
import { CONFIG_CODES, PLAN_CODES, REQUEST_CODES, USAGE_CODES } from "./failure_codes/input.ts";
import {
  CRATES_CODES,
  IDENTITY_CODES,
  NPM_CODES,
  PYPI_CODES,
  REGISTRY_CODES,
} from "./failure_codes/registries.ts";
import { GITHUB_CODES, TAG_CODES } from "./failure_codes/repository.ts";

/** What the documentation says of one code. */
export interface FailureDoc {
  /** 1: the release or the check did not succeed. 2: the input is wrong. 4: a bug of ours. */
  readonly exit: 1 | 2 | 4;
  /** What trips it, as a sentence. */
  readonly trips: string;
  /** The way out, as a sentence. */
  readonly mend: string;
}

/** The codes of one part of the program, each with its documentation. */
export type FailureTable = Readonly<Record<`PIOT_${string}`, FailureDoc>>;

/** Tables by their headings. */
export type TablesLike<Tables> = Readonly<Record<keyof Tables, FailureTable>>;

/**
 * The codes of all tables, as a union.
 *
 * @internal
 */
export type CodesOf<Tables extends TablesLike<Tables>> = {
  [Heading in keyof Tables]: keyof Tables[Heading];
}[keyof Tables];

/** The codes that more than one table holds: `never`, where each stands in one. */
export type CodesTwice<Tables extends TablesLike<Tables>> = {
  [Heading in keyof Tables]: keyof Tables[Heading] & CodesOf<Omit<Tables, Heading>>;
}[keyof Tables];

/** Nothing, or an error of the compiler that names what there is. */
export type None<Found extends never> = Found;

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
