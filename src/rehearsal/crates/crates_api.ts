/**
 * What the local crates.io tells of crates and versions, and yanking.
 *
 * @module
 */

import { type LocalReply, type LocalRequest, Refusal } from "../server/messages.ts";
import { authenticate, takeFromBucket } from "./callers.ts";
import { findCrate, type LocalCrate, type LocalVersion } from "./crates_state.ts";
import { isCategory } from "./categories.ts";
import type { CratesContext } from "./publish_version.ts";
import { askOutside, missingReply } from "./sparse_index.ts";

function requireCrate({ state }: Pick<CratesContext, "state">, name: string): LocalCrate {
  const crate = findCrate(state, name);
  if (crate === undefined) throw new Refusal(404, `crate \`${name}\` does not exist`);
  return crate;
}

/** A version is looked up by its whole text, build metadata included. */
function requireVersion(crate: LocalCrate, version: string): LocalVersion {
  const held = crate.versions.find((candidate) => candidate.version === version);
  if (held !== undefined) return held;
  throw new Refusal(404, `crate \`${crate.name}\` does not have a version \`${version}\``);
}

/** `GET /api/v1/crates/{name}`, with the parts that `include=` asks for left out. */
export function describeCrate(context: Pick<CratesContext, "state">, name: string): LocalReply {
  const { name: own, versions, trustpubOnly } = requireCrate(context, name);
  const newest = versions.at(-1)!;
  return {
    status: 200,
    body: {
      crate: {
        id: own,
        name: own,
        max_version: newest.version,
        newest_version: newest.version,
        num_versions: versions.length,
        yanked: versions.every(({ yanked }) => yanked),
        trustpub_only: trustpubOnly,
      },
      versions: null,
      keywords: null,
      categories: null,
    },
  };
}

/** `GET /api/v1/crates/{name}/{version}`. */
export function describeVersion(
  context: Pick<CratesContext, "state">,
  { name, version }: { readonly name: string; readonly version: string },
): LocalReply {
  const crate = requireCrate(context, name);
  const held = requireVersion(crate, version);
  const { cksum, tarball, yanked, createdAt, publishedBy, trustpubData } = held;
  return {
    status: 200,
    body: {
      version: {
        crate: crate.name,
        num: held.version,
        checksum: cksum,
        crate_size: tarball.length,
        yanked,
        created_at: createdAt.toISOString(),
        published_by: publishedBy === undefined ? null : { login: publishedBy },
        trustpub_data: trustpubData,
      },
    },
  };
}

/** `GET /api/v1/categories/{slug}`. */
export function describeCategory(slug: string): LocalReply {
  if (!isCategory(slug)) throw new Refusal(404, "Not Found");
  return { status: 200, body: { category: { id: slug, slug, category: slug, description: "" } } };
}

/** The tarball itself. */
export async function downloadVersion(
  context: Pick<CratesContext, "state" | "outside">,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<LocalReply> {
  const own = findCrate(context.state, name)?.versions.find((held) => held.version === version);
  if (own !== undefined && own.isMadeUp !== true) return gzip(own.tarball);
  const answer = await askOutside(context, name.toLowerCase());
  if (answer.state === "unanswered") return missingReply(`${name} ${version}`, answer.why);
  const line = answer.state === "found"
    ? answer.value.find(({ vers }) => vers === version)
    : undefined;
  if (own !== undefined && line === undefined) {
    return missingReply(
      `${name} ${version}`,
      `what was released is not kept here, and ${answer.from} has none`,
    );
  }
  if (line === undefined || context.outside === undefined) {
    throw new Refusal(404, `crate \`${name}\` does not have a version \`${version}\``);
  }
  const file = await context.outside.crate(line);
  if (file.state === "found") return { ...gzip(file.value), from: file.from };
  const why = file.state === "absent" ? `${file.from} has no such file` : file.why;
  return missingReply(`${name} ${version}`, why);
}

function gzip(body: Uint8Array): LocalReply {
  return { status: 200, headers: { "content-type": "application/gzip" }, body };
}

/** `DELETE …/yank` and `PUT …/unyank`. */
export function yankVersion(
  context: CratesContext,
  { name, version, yanked, headers }: {
    readonly name: string;
    readonly version: string;
    readonly yanked: boolean;
    readonly headers: LocalRequest["headers"];
  },
): LocalReply {
  const caller = authenticate(headers, context.authenticators);
  caller.require("yank", name);
  const crate = requireCrate(context, name);
  const held = requireVersion(crate, version);
  if (caller.user === undefined || !crate.owners.has(caller.user)) {
    throw new Refusal(403, "must already be an owner to yank or unyank");
  }
  takeFromBucket(context.state, { user: caller.user, action: "yank", now: context.now() });
  held.yanked = yanked;
  return { status: 200, body: { ok: true } };
}
