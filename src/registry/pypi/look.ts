/**
 * Compares a prepared release with what the index holds, and finds what would stop it before anything is sent.
 *
 * @module
 */

import type { IndexFile } from "../../core/pypi/index_answer.ts";
import { heldPep440Versions, pep440VersionsBefore } from "../../core/pypi/pep440.ts";
import type { VersionEvidence } from "../../core/release/evidence.ts";
import type { Failure } from "../../error.ts";
import type { Clock } from "../../host/host.ts";
import { type Look, type Presence, ReleaseRefused } from "../registry.ts";
import { closesAt, evidenceOfFiles, isOfVersion, OPEN_DAYS } from "./files_of_version.ts";
import type { Distribution, PypiAccess, PypiPrepared } from "./pypi_prepared.ts";
import { type IndexState, readIndex, unknownAnswer } from "./read_index.ts";

const DAY = 86_400_000;

/** What the index holds of a release, and what it shows of the versions before it. */
export interface PypiLook extends Look {
  /** Whether the index has no such project. */
  readonly isNew: boolean;
  /** Every file that the index has of this version, those that the release does not have too. */
  readonly ofVersion: readonly IndexFile[];
  readonly before: readonly VersionEvidence[];
}

/**
 * Asks what is there. Throws `PIOT_REGISTRY_UNKNOWN` for anything but definite answers. Unless `fresh`, when something
 * was uploaded already, it also throws for what would refuse the absent files: `PIOT_PROJECT_CLOSED`,
 * `PIOT_RELEASE_CLOSED`, and `PIOT_VERSION_TAKEN` for an sdist under another name.
 */
export async function lookAt(
  access: PypiAccess<"http" | "clock">,
  { prepared, fresh }: { readonly prepared: PypiPrepared; readonly fresh: boolean },
): Promise<PypiLook> {
  const { project, pypiVersion: version, files } = prepared;
  const index = await readIndex(access, { project, version, fresh });
  const asked = access.endpoints.pypi;
  const presences = new Map(files.map((file) => [file.name, presenceOf(file, { index, asked })]));
  const absent = files.filter(({ name }) => presences.get(name)?.state === "absent");
  const notes = absent.length === 0 || fresh
    ? []
    : admission({ prepared, index, absent, clock: access.host.clock });
  const held = heldPep440Versions(version, index.project?.versions ?? []);
  const shown = files.flatMap(({ name }) => {
    const file = index.files.get(name);
    // Seen by the JSON API alone, it says nothing about that.
    if (file?.isAttested === undefined) return [];
    return [[name, { evidence: evidenceOfFiles([file]) }] as const];
  });
  const filesOf = (version: string): readonly IndexFile[] =>
    [...index.files.values()].filter((file) => isOfVersion(file, { project, version }));
  const ofVersion = filesOf(version);
  const earlier = pep440VersionsBefore(version, held.versions).map((version) => ({
    version,
    evidence: evidenceOfFiles(filesOf(version)),
  }));
  // Whoever checks one file of a release would miss the others' attestations.
  const own = absent.length === 0 || ofVersion.length === 0
    ? []
    : [{ version, evidence: evidenceOfFiles(ofVersion), isHalfThere: true as const }];
  const before = [...earlier, ...own];
  const isNew = index.project === undefined;
  return { files: presences, ofVersion, ...held, isNew, notes, before, shown: new Map(shown) };
}

function presenceOf(
  file: Distribution,
  { index, asked }: { readonly index: IndexState; readonly asked: string },
): Presence {
  const held = index.files.get(file.name);
  if (held === undefined) return { state: "absent" };
  if (held.sha256 === undefined) {
    throw unknownAnswer(asked, `it lists "${file.name}" without a sha256`);
  }
  if (held.sha256 === file.sha256) return { state: "same" };
  return { state: "other", held: `sha256-${held.sha256}` };
}

interface Admission {
  readonly prepared: PypiPrepared;
  readonly index: IndexState;
  readonly absent: readonly Distribution[];
  readonly clock: Clock;
}

/** Whether the index will take the absent files at all; gives what is worth knowing about it. */
function admission({ prepared, index, absent, clock }: Admission): readonly string[] {
  const status = index.project?.status ?? "active";
  if (["archived", "quarantined"].includes(status)) throw projectClosed(prepared, status);
  const { project, pypiVersion: version } = prepared;
  const ofRelease = [...index.files.values()].filter((file) =>
    isOfVersion(file, { project, version })
  );
  const rival = ofRelease.find(({ name }) => isSdist(name) && name !== ownSdist(prepared));
  if (rival !== undefined && absent.some(({ kind }) => kind === "sdist")) {
    throw sdistTaken(prepared, rival);
  }
  const closes = closesAt(ofRelease);
  return closes === undefined ? [] : countDown({ prepared, absent, closes, clock });
}

function ownSdist({ files }: PypiPrepared): string | undefined {
  return files.find(({ kind }) => kind === "sdist")?.name;
}

function isSdist(name: string): boolean {
  return /\.(tar\.gz|zip|tar\.bz2|tgz)$/.test(name);
}

function projectClosed({ project }: PypiPrepared, status: string): Failure {
  return new ReleaseRefused(
    "PIOT_PROJECT_CLOSED",
    `Cannot publish ${project}: it is ${status} on PyPI`,
    {
      hint: status === "archived"
        ? `An owner can unarchive it on https://pypi.org/manage/project/${project}/settings/`
        : "PyPI holds it back for review; its owners were written to",
    },
  );
}

function sdistTaken({ project, pypiVersion }: PypiPrepared, rival: IndexFile): Failure {
  return new ReleaseRefused(
    "PIOT_VERSION_TAKEN",
    `Cannot add an sdist to ${project} ${pypiVersion}: the release has "${rival.name}", and PyPI takes one`,
    { hint: "Release under a higher version" },
  );
}

interface CountDown {
  readonly prepared: PypiPrepared;
  readonly absent: readonly Distribution[];
  readonly closes: Date;
  readonly clock: Clock;
}

function countDown({ prepared, absent, closes, clock }: CountDown): readonly string[] {
  const { project, pypiVersion } = prepared;
  const left = closes.getTime() - clock.now().getTime();
  if (left <= 0) {
    const names = absent.map(({ name }) => `"${name}"`).join(", ");
    throw new ReleaseRefused(
      "PIOT_RELEASE_CLOSED",
      `Cannot add ${names} to ${project} ${pypiVersion}: the release is older than ${OPEN_DAYS} days`,
      {
        hint: "PyPI closes a release to new files after that time: release under a higher version",
      },
    );
  }
  const until = closes.toISOString().slice(0, 16).replace("T", " ");
  return [
    `${project} ${pypiVersion} is half there; PyPI takes its missing files until ${until} UTC (${
      left >= DAY ? `${Math.floor(left / DAY)} days` : `${Math.floor(left / 3_600_000)} hours`
    } left)`,
  ];
}
