/**
 * A release that was there before a rehearsal begins: a project that exists can trust a job.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { canonicalName } from "./packaging.ts";
import type { PypiState } from "./state.ts";

/** What was released, by a token of its owner. */
export interface EarlierRelease {
  readonly name: string;
  /** As PyPI spells it. */
  readonly version: string;
  /** The user that it belongs to. */
  readonly owner: string;
  /** Its sdist. */
  readonly sdist: { readonly fileName: string; readonly bytes: Uint8Array };
  /** Whether nobody can have that, since it is not what was released; everybody can when left out. */
  readonly isMadeUp?: boolean;
}

/** Puts a release of one sdist onto an index, and the project when it is the first. */
export function holdEarlierRelease(
  state: PypiState,
  { name, version, owner, sdist: { fileName, bytes }, isMadeUp = false }: EarlierRelease,
): void {
  const project = canonicalName(name);
  const created = state.clock.now();
  const fields = [["metadata_version", "2.1"], ["name", name], ["version", version]] as const;
  state.serial++;
  const known = state.projects.get(project);
  state.projects.set(project, {
    ...known ?? { name: project, displayName: name, status: "active", owners: new Set([owner]) },
    releases: [...known?.releases ?? [], { version, created, fields }],
  });
  state.files.set(fileName, {
    ...{ name: fileName, project, version, kind: "sdist" as const, pyversion: "source", bytes },
    ...{ requiresPython: undefined, userAgent: undefined, uploaded: created },
    sha256: createHash("sha256").update(bytes).digest("hex"),
    ...{ serial: state.serial, isMadeUp },
  });
}
