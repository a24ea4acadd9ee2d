/**
 * The document of `status`: what `--json` prints, and what people's table is drawn from.
 *
 * @module
 */

import { rulesOf } from "../model/kind.ts";
import type { Kinds } from "../model/kind.ts";
import type { Kind } from "../model/package.ts";
import type { Evidence } from "../release/evidence.ts";
import { DRIFT, lockstepNotes, type PackageState, type PackageStatus } from "./judge_status.ts";

/** One package. */
export interface PackageStatusDocument {
  /** In `putitoutthere.toml`. */
  readonly name: string;
  /** Where it is published to. */
  readonly kind: Kind;
  /** On its registry. */
  readonly registry_name: string;
  /** How its tags and its registry agree. */
  readonly state: PackageState;
  /** Of its last release that HEAD descends from; null when there is none. */
  readonly last: { readonly version: string; readonly tag: string; readonly commit: string } | null;
  /** What installers take now, in the registry's spelling; null when that is nothing, or nobody knows. */
  readonly newest: {
    readonly version: string;
    /** The marks of its origin, the strongest first; null when the registry was not asked for them. */
    readonly evidence: Evidence | null;
  } | null;
  /** What ships next; null when nothing does. */
  readonly next: { readonly version: string; readonly reason: string } | null;
  /** What waits for approval, with its name on the registry; null where nobody tells, as npm without a user's token. */
  readonly waiting: readonly { readonly name: string; readonly version: string }[] | null;
  /** What to know or to do about it, one sentence each. */
  readonly notes: readonly string[];
}

/** All of it. */
export interface StatusDocument {
  /** Grows when this document changes its shape. */
  readonly schema: 1;
  /** HEAD's full object id. */
  readonly head: string;
  /** Whether tags and registries contradict each other somewhere, or nobody knows. */
  readonly drift: boolean;
  /** In the configuration's order. */
  readonly packages: readonly PackageStatusDocument[];
  /** About more than one package. */
  readonly notes: readonly string[];
}

/** Makes the document. */
export function statusDocument(
  packages: readonly PackageStatus[],
  { head, notes, kinds }: {
    readonly head: string;
    readonly notes: readonly string[];
    readonly kinds: Kinds;
  },
): StatusDocument {
  const lockstep = lockstepNotes(packages);
  return {
    schema: 1,
    head,
    drift: lockstep.length > 0 || packages.some(({ state }) => DRIFT.has(state)),
    packages: packages.map((status) => packageDocument(status, kinds)),
    notes: [...notes, ...lockstep],
  };
}

function packageDocument(
  { package: pkg, last, planned, shown, state, notes }: PackageStatus,
  kinds: Kinds,
): PackageStatusDocument {
  const waiting = "waiting" in shown ? shown.waiting : undefined;
  const newest = "newest" in shown ? shown.newest : undefined;
  return {
    name: pkg.name,
    kind: rulesOf(kinds, pkg).kind,
    registry_name: pkg.registryName,
    state,
    last: last === undefined
      ? null
      : { version: last.version, tag: last.tag.name, commit: last.tag.commit },
    newest: newest === undefined
      ? null
      : { version: newest.version, evidence: newest.evidence ?? null },
    waiting: waiting?.map(({ name, version }) => ({ name, version })) ?? null,
    next: planned === undefined ? null : { version: planned.version, reason: planned.reason },
    notes,
  };
}
