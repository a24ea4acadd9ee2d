/**
 * Reads one delivered crate like a stranger's: what it says, whose it is, and whether every file of it is the commit's.
 *
 * @module
 */

import { basename } from "node:path";
import { type CrateContents, readCrate, readCrateMember } from "../../../artifact/crate.ts";
import { refuseCredentials } from "../../../artifact/credential_files.ts";
import {
  type PackagedManifest,
  parsePackagedManifest,
} from "../../../core/crates/packaged_manifest.ts";
import { publishDocument, readmePath } from "../../../core/crates/publish_document.ts";
import { joinFolder } from "../../../core/manifest/cargo_sites.ts";
import { namedByCargo } from "../../../core/manifest/named_files.ts";
import { Failure } from "../../../error.ts";
import type { CommitTree } from "../../../host/commit_tree.ts";
import type { CargoMember } from "../cargo_workspace.ts";
import type { CratesRelease } from "../crates_work.ts";
import { preflight } from "../preflight.ts";
import type { ReadManifest } from "./commit_manifests.ts";
import { judgeLock, judgeManifest, judgePackaged, judgeRecord } from "./judge_origin.ts";
import { judgeMembers, type Objection } from "./judge_members.ts";
import { memberOf } from "./ready_member.ts";

/** What is delivered for a release. */
export interface DeliveredCrate {
  readonly release: CratesRelease;
  /** The repository's root, absolute. */
  readonly root: string;
  /** Absolute path of the `.crate`. */
  readonly path: string;
  readonly sha256: string;
}

/** A crate that may be uploaded as it is, for all that is known of it alone. */
export interface ReadCrate extends DeliveredCrate {
  readonly member: CargoMember;
  readonly manifest: PackagedManifest;
  /** Its Cargo.lock; undefined where cargo packed none. */
  readonly lock: string | undefined;
  /** The JSON that goes before it. */
  readonly document: string;
}

/** Where the commit's files are. */
export interface CommitFiles {
  readonly tree: CommitTree;
  readonly commit: string;
  readonly readManifest: ReadManifest;
}

/** Reads it. Throws, in one go, all that stands against it; `from` is undefined outside a git work tree. */
export async function readReadyCrate(
  delivered: DeliveredCrate,
  from: CommitFiles | undefined,
): Promise<ReadCrate | readonly Failure[]> {
  const { release, path } = delivered;
  const file = basename(path);
  const folder = file.replace(/\.crate$/, "");
  const contents = await readCrate(path, { folder, format: from?.tree.format ?? "sha1" });
  const text = contents.written.get("Cargo.toml");
  if (text === undefined) return [refused(file, { found: "has no Cargo.toml", hint: AGAIN })];
  const manifest = parsePackagedManifest(text, `"Cargo.toml" of "${file}"`);
  const member = memberOf(manifest, joinFolder(delivered.root, release.package.path));
  const objections = [
    ...versionOf(manifest, release),
    ...judgeLock({ contents }, release.package.registryName),
    ...from === undefined ? [] : await judgeCommit({ contents, manifest }, { delivered, from }),
  ];
  const named = { names: namedByCargo(text), place: "`include` of its Cargo.toml" };
  const problems = [
    ...objections.map((objection) => refused(file, objection)),
    ...preflight(member, release),
    ...refuseCredentials(contents.credentials, { subject: release.package.name, named }),
  ];
  if (problems.length > 0) return problems;
  const readme = await readmeOf(path, manifest);
  if (readme === undefined) {
    return [refused(file, { found: `lacks its README, "${readmePath(manifest)}"`, hint: AGAIN })];
  }
  const document = publishDocument(manifest, readme);
  const lock = contents.written.get("Cargo.lock");
  return { ...delivered, member, manifest, lock, document };
}

const AGAIN = "Package the crate again with `cargo package`, and deliver what it makes";

function refused(file: string, { found, hint }: Objection): Failure {
  return new Failure("PIOT_ARTIFACT_INVALID", `Cannot use "${file}": it ${found}`, { hint });
}

function versionOf(manifest: PackagedManifest, { version }: CratesRelease): readonly Objection[] {
  const found = manifest.package.version;
  return found === version ? [] : [{
    found: `is of version ${String(found)} by its Cargo.toml, and ${version} is released`,
    hint: AGAIN,
  }];
}

async function judgeCommit(
  crate: { readonly contents: CrateContents; readonly manifest: PackagedManifest },
  { delivered, from }: { readonly delivered: DeliveredCrate; readonly from: CommitFiles },
): Promise<readonly Objection[]> {
  const { tree, commit, readManifest } = from;
  const folder = joinFolder("/", `${tree.prefix}${delivered.release.package.path}`).slice(1);
  const base = folder === "" ? "" : `${folder}/`;
  const origin = { contents: crate.contents, tree, commit, base };
  const record = judgeRecord(origin);
  // By another commit everything else is bound to differ.
  if (record.length > 0) return record;
  const read = async (member: string): Promise<Uint8Array> =>
    await readCrateMember(delivered.path, member) ?? new Uint8Array();
  const written = await judgeManifest(origin);
  return [
    ...written,
    // What was packaged by another manifest is another crate.
    ...written.length > 0 ? [] : await judgePackaged({ ...origin, readManifest }),
    ...await judgeMembers({ ...crate, tree, base, read }),
  ];
}

/** Null for a crate without one; undefined for one that is said to be there. */
async function readmeOf(
  path: string,
  manifest: PackagedManifest,
): Promise<string | null | undefined> {
  const readme = readmePath(manifest);
  if (readme === null) return null;
  const content = await readCrateMember(path, readme);
  return content === undefined
    ? undefined
    : new TextDecoder("utf-8", { ignoreBOM: true }).decode(content);
}
