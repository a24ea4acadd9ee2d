/**
 * Where an upload belongs: its project, which the first upload registers, and its release, which the first file opens
 * (pypi/warehouse `forklift/legacy.py`, `packaging/services.py`).
 *
 * @module
 */

import { METADATA_FIELDS } from "../../core/pypi/core_metadata.ts";
import type { FormField } from "../../core/pypi/form_fields.ts";
import { confusableName, normaliseName } from "../../core/pypi/name.ts";
import { isSamePep440 } from "../../core/pypi/pep440.ts";
import type { CheckedForm } from "./form_checks.ts";
import { Refusal } from "./refusal.ts";
import {
  filesOf,
  type PypiGrant,
  type PypiState,
  type StoredProject,
  type StoredRelease,
} from "./state.ts";

const OPEN_DAYS = 14;

/** The project of an upload, or a new one where its name is free. Throws 400 where it is not. */
export function findProject(
  form: CheckedForm,
  { state, grant }: { readonly state: PypiState; readonly grant: PypiGrant },
): StoredProject {
  const name = normaliseName(form.name);
  const found = state.projects.get(name);
  if (found !== undefined) return found;
  const help = "See https://pypi.org/help/#project-name for more information.";
  if ("publisher" in grant.holder) {
    throw new Refusal(
      400,
      "Non-user identities cannot create new projects. This was probably caused by successfully using a pending " +
        `publisher but specifying the project name incorrectly (either in the publisher or in your project's metadata). ` +
        "Please ensure that both match. See: https://docs.pypi.org/trusted-publishers/troubleshooting/",
    );
  }
  if (state.prohibited.has(name)) {
    throw new Refusal(400, `The name '${form.name}' isn't allowed. ${help}`);
  }
  const similar = [...state.projects.keys()].find((one) =>
    confusableName(one) === confusableName(name)
  );
  if (similar !== undefined) {
    throw new Refusal(
      400,
      `The name '${form.name}' is too similar to an existing project. ${help}`,
    );
  }
  return {
    name,
    displayName: form.name,
    status: "active",
    owners: new Set([grant.holder.user]),
    releases: [],
  };
}

/** The release of an upload, or a new one. Throws 400 when it takes no more files, or no second sdist. */
export function openRelease(
  form: CheckedForm,
  { project, state }: { readonly project: StoredProject; readonly state: PypiState },
): StoredRelease {
  const now = state.clock.now();
  const found = project.releases.find(({ version }) => isSamePep440(version, form.version));
  if (found === undefined) {
    return { version: form.version, created: now, fields: storedFields(form) };
  }
  if (now.getTime() - found.created.getTime() > OPEN_DAYS * 86_400_000) {
    throw new Refusal(400, "Uploading new files to releases older than 14 days is not allowed.");
  }
  const hasSdist = filesOf(state, project.name)
    .some(({ kind, version }) => kind === "sdist" && version === found.version);
  if (form.filetype === "sdist" && hasSdist) {
    throw new Refusal(400, "Only one sdist may be uploaded per release.");
  }
  return found;
}

function storedFields({ form }: CheckedForm): readonly FormField[] {
  const known = new Set([...METADATA_FIELDS.values()].map((one) => one.form));
  return [...form.fields].flatMap(([name, values]) =>
    known.has(name) ? values.map((value): FormField => [name, value]) : []
  );
}
