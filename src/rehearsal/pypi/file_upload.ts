/**
 * `POST /legacy/`: takes one file, with PyPI's checks in PyPI's order (pypi/warehouse `forklift/legacy.py`,
 * `file_upload`).
 *
 * @module
 */

import { createHash } from "node:crypto";
import { METADATA_FIELDS } from "../../core/pypi/core_metadata.ts";
import type { FormField } from "../../core/pypi/form_fields.ts";
import { confusableName, normaliseName } from "../../core/pypi/name.ts";
import { isSamePep440 } from "../../core/pypi/pep440.ts";
import type { LocalReply, LocalRequest } from "../serve.ts";
import { checkArchive } from "./archive_checks.ts";
import { authenticate, requireUpload } from "./authentication.ts";
import { blake2b256 } from "./blake2_256.ts";
import { type CheckedForm, checkForm } from "./form_checks.ts";
import { type FormUpload, readForm } from "./multipart_form.ts";
import { Refusal } from "./refusal.ts";
import {
  filesOf,
  type PypiGrant,
  type PypiState,
  type StoredProject,
  type StoredRelease,
} from "./state.ts";

const OPEN_DAYS = 14;
const FILE_LIMIT = 100 * 2 ** 20;
const REUSE = "See https://pypi.org/help/#file-name-reuse for more information.";

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
  if (state.burnt.has(upload.fileName)) {
    throw new Refusal(
      400,
      "This filename was previously used by a file that has since been deleted. " +
        "Use a different version. " + REUSE,
    );
  }
  const release = openRelease(form, { project, state });
  if (form.field("attestations") !== undefined && !("publisher" in grant.holder)) {
    throw new Refusal(
      400,
      "Invalid attestations supplied during upload: Attestations are only supported when using Trusted Publishing",
    );
  }
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

function findProject(
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

function checkFile({ fileName, type, bytes }: FormUpload): void {
  if (/[/\\]/.test(fileName)) {
    throw new Refusal(400, "Cannot upload a file with '/' or '\\' in the name.");
  }
  if (!/^[\x20-\x7e]+$/.test(fileName)) {
    throw new Refusal(400, "Cannot upload a file with non-printable characters in the name.");
  }
  if (!/\.(tar\.gz|whl|zip)$/.test(fileName)) {
    throw new Refusal(
      400,
      "Invalid file extension: Use .tar.gz, .whl or .zip extension. " +
        "See https://www.python.org/dev/peps/pep-0527 and https://peps.python.org/pep-0715/ for more information",
    );
  }
  if (type === undefined || type.startsWith("image/")) {
    throw new Refusal(400, "Invalid distribution file.");
  }
  if (bytes.length > FILE_LIMIT) {
    throw new Refusal(
      400,
      `File too large. Limit for project '${fileName.split("-")[0]}' is ${
        FILE_LIMIT / 2 ** 20
      } MB. ` +
        "See https://docs.pypi.org/project-management/storage-limits for more information.",
    );
  }
}

function checkDigests({ field }: CheckedForm, { bytes }: FormUpload): string {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const wrong = [
    [field("sha256_digest"), () => sha256],
    [field("md5_digest"), () => createHash("md5").update(bytes).digest("hex")],
    [field("blake2_256_digest"), () => blake2b256(bytes)],
  ] as const;
  if (wrong.some(([sent, digest]) => sent !== undefined && sent.toLowerCase() !== digest())) {
    throw new Refusal(
      400,
      "The digest supplied does not match a digest calculated from the uploaded file.",
    );
  }
  return sha256;
}

/** The same bytes under the same name are no news; either of the two alone is refused. */
function isDuplicate(
  { fileName, bytes }: FormUpload,
  { state, sha256 }: { readonly state: PypiState; readonly sha256: string },
): boolean {
  const named = state.files.get(fileName);
  if (named?.sha256 === sha256) return true;
  const twin = named ?? [...state.files.values()].find((file) => file.sha256 === sha256);
  if (twin === undefined) return false;
  throw new Refusal(
    400,
    `File already exists ('${fileName}', with blake2_256 hash '${blake2b256(bytes)}'). ${REUSE}`,
  );
}

function openRelease(
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
