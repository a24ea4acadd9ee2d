/**
 * `POST /legacy/`: takes one file, with PyPI's checks in PyPI's order (pypi/warehouse `forklift/legacy.py`,
 * `file_upload`).
 *
 * @module
 */

import type { LocalReply, LocalRequest } from "../serve.ts";
import { checkArchive } from "./archive_checks.ts";
import { authenticate, requireUpload } from "./authentication.ts";
import { checkDigests, checkFile, isDuplicate } from "./file_checks.ts";
import { type CheckedForm, checkForm } from "./form_checks.ts";
import { type FormUpload, readForm } from "./multipart_form.ts";
import { findProject, openRelease } from "./project_checks.ts";
import { Refusal } from "./refusal.ts";
import type { PypiGrant, PypiState, StoredProject, StoredRelease } from "./state.ts";

/** Takes an upload: 200 when the index then has these bytes under this name; throws a {@link Refusal} otherwise. */
export async function fileUpload(request: LocalRequest, state: PypiState): Promise<LocalReply> {
  const grant = authenticate(request, state);
  const sent = readForm(request.body, request.headers.get("content-type"));
  const form = checkForm(sent ?? { fields: new Map(), uploads: new Map() });
  const upload = form.form.uploads.get("content");
  if (upload === undefined) throw new Refusal(400, "Upload payload does not have a file.");
  const project = findProject(form, { state, grant });
  requireUpload(grant, project);
  checkFile(upload);
  const sha256 = checkDigests(form, upload);
  if (isDuplicate(upload, { state, sha256 })) return { status: 200 };
  const release = openRelease(form, { project, state });
  checkAttestations(form, grant);
  state.mails.push(...await checkArchive(form, upload));
  store({
    form,
    upload,
    project,
    release,
    sha256,
    userAgent: request.headers.get("user-agent") ?? undefined,
  }, state);
  return { status: 200 };
}

function checkAttestations({ field }: CheckedForm, { holder }: PypiGrant): void {
  if (field("attestations") === undefined || "publisher" in holder) return;
  throw new Refusal(
    400,
    "Invalid attestations supplied during upload: Attestations are only supported when using Trusted Publishing",
  );
}

interface Accepted {
  readonly form: CheckedForm;
  readonly upload: FormUpload;
  readonly project: StoredProject;
  readonly release: StoredRelease;
  readonly sha256: string;
  readonly userAgent: string | undefined;
}

function store(
  { form, upload, project, release, sha256, userAgent }: Accepted,
  state: PypiState,
): void {
  state.serial++;
  state.projects.set(project.name, project);
  project.displayName = form.name;
  if (!project.releases.includes(release)) project.releases.push(release);
  state.files.set(upload.fileName, {
    name: upload.fileName,
    project: project.name,
    version: release.version,
    kind: form.filetype,
    pyversion: form.field("pyversion") ?? "source",
    requiresPython: form.field("requires_python"),
    // A copy: the part is a window on the whole request.
    bytes: upload.bytes.slice(),
    sha256,
    uploaded: state.clock.now(),
    serial: state.serial,
    userAgent,
  });
}
