/**
 * `POST /legacy/`: takes one file, with PyPI's checks in PyPI's order (pypi/warehouse `forklift/legacy.py`,
 * `file_upload`): here those of the file itself that need not open it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { blake2b } from "@noble/hashes/blake2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type LocalReply, type LocalRequest, Refusal } from "../server/messages.ts";
import { checkArchive } from "./archive_checks.ts";
import { readAttestations } from "./attestations.ts";
import { type CheckedForm, checkForm } from "./form_checks.ts";
import { requireUploadAction } from "./legacy_action.ts";
import { authenticate, findProject, openRelease, requireUpload } from "./projects.ts";
import {
  type Attestation,
  filesOf,
  type PypiState,
  type StoredProject,
  type StoredRelease,
} from "./state.ts";
import { type FormUpload, readForm } from "./upload_form.ts";

/** Takes an upload: 200 when the index then has these bytes under this name; throws a {@link Refusal} otherwise. */
export async function fileUpload(request: LocalRequest, state: PypiState): Promise<LocalReply> {
  const sent = readForm(request.body, request.headers.get("content-type"));
  requireUploadAction(request, sent);
  checkFlags(state);
  const grant = authenticate(request, state);
  const form = checkForm(sent ?? { fields: new Map(), uploads: new Map() });
  const upload = form.form.uploads.get("content");
  if (upload === undefined) throw new Refusal(400, "Upload payload does not have a file.");
  const project = findProject(form, { state, grant });
  requireUpload(grant, project);
  checkFile(upload);
  checkSizes(upload, { project, state });
  const sha256 = checkDigests(form, upload);
  if (isDuplicate(upload, { state, sha256 })) return { status: 200 };
  const release = openRelease(form, { project, state });
  const { fileName } = upload;
  const attestations = await readAttestations(form, { fileName, sha256, grant, state });
  state.mails.push(...await checkArchive(form, upload));
  store({
    form,
    upload,
    project,
    release,
    sha256,
    attestations,
    userAgent: request.headers.get("user-agent") ?? undefined,
  }, state);
  return { status: 200 };
}

interface Accepted {
  readonly form: CheckedForm;
  readonly upload: FormUpload;
  readonly project: StoredProject;
  readonly release: StoredRelease;
  readonly sha256: string;
  readonly attestations: readonly Attestation[];
  readonly userAgent: string | undefined;
}

function store(
  { form, upload, project, release, sha256, attestations, userAgent }: Accepted,
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
    attestations,
  });
}

const FILE_LIMIT = 100 * 2 ** 20;
const REUSE = "See https://pypi.org/help/#file-name-reuse for more information.";

/** Checks a file's name, type and size, or throws 400. */
function checkFile({ fileName, type }: FormUpload): void {
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
}

/** What PyPI says to everybody while uploads are switched off. */
function checkFlags({ flags }: PypiState): void {
  if (flags.readOnly) {
    throw new Refusal(403, "Read-only mode: Uploads are temporarily disabled.");
  }
  if (flags.noNewUploads) {
    throw new Refusal(
      403,
      "New uploads are temporarily disabled. See https://pypi.org/help/#admin-intervention for more information.",
    );
  }
}

/** Holds a file against what its project may have, or throws 400. */
function checkSizes(
  { bytes }: FormUpload,
  { project, state }: { readonly project: StoredProject; readonly state: PypiState },
): void {
  const limits =
    "See https://docs.pypi.org/project-management/storage-limits for more information.";
  if (bytes.length > FILE_LIMIT) {
    throw new Refusal(
      400,
      `File too large. Limit for project '${project.displayName}' is ${
        FILE_LIMIT / 2 ** 20
      } MB. ${limits}`,
    );
  }
  const { projectBytes } = state.limits;
  const total = filesOf(state, project.name).reduce((sum, file) => sum + file.bytes.length, 0);
  if (total + bytes.length > projectBytes) {
    throw new Refusal(
      400,
      `Project size too large. Limit for project '${project.displayName}' total size is ${
        Math.floor(projectBytes / 2 ** 30)
      } GB. ${limits}`,
    );
  }
}

/** Holds a file against the digests that were sent with it, or throws 400. Gives its SHA-256, as hex. */
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

/** Whether the index has the very file. Throws 400 when it has its name or its bytes alone, or had the name once. */
function isDuplicate(
  { fileName, bytes }: FormUpload,
  { state, sha256 }: { readonly state: PypiState; readonly sha256: string },
): boolean {
  const named = state.files.get(fileName);
  if (named?.sha256 === sha256) return true;
  const twin = named ?? [...state.files.values()].find((file) => file.sha256 === sha256);
  if (twin !== undefined) {
    throw new Refusal(
      400,
      `File already exists ('${fileName}', with blake2_256 hash '${blake2b256(bytes)}'). ${REUSE}`,
    );
  }
  if (state.burnt.has(fileName)) {
    throw new Refusal(
      400,
      "This filename was previously used by a file that has since been deleted. " +
        "Use a different version. " + REUSE,
    );
  }
  return false;
}

/** Every answer about a file says its digest, and what was uploaded does not change. */
const DIGESTS = new WeakMap<Uint8Array, string>();

/** BLAKE2b with 32 bytes, the digest that PyPI names files by; lower-case hex. */
export function blake2b256(bytes: Uint8Array): string {
  const known = DIGESTS.get(bytes) ?? bytesToHex(blake2b(bytes, { dkLen: 32 }));
  DIGESTS.set(bytes, known);
  return known;
}
