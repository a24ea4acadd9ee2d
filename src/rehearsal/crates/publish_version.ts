/**
 * `PUT /api/v1/crates/new`: crates.io's checks, in its order and in its words (rust-lang/crates.io,
 * `src/controllers/krate/publish.rs`), then the version is there.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type LocalReply, type LocalRequest, Refusal } from "../server/messages.ts";
import { authenticate, type Authenticator, type Caller, takeFromBucket } from "./callers.ts";
import {
  canonicalName,
  type CratesState,
  findCrate,
  holdVersion,
  type LocalCrate,
  uniqueVersion,
} from "./crates_state.ts";
import { checkCategories } from "./categories.ts";
import { checkDeclared, checkFeatures } from "./dependency_checks.ts";
import { declaredDependencies, type IndexDependency, indexLine, tableAt } from "./index_line.ts";
import {
  checkAgreement,
  checkNameAndVersion,
  isReserved,
  packageTable,
} from "./manifest_checks.ts";
import { checkMetadata, strings } from "./metadata_checks.ts";
import { askOutside } from "./sparse_index.ts";
import type { OutsideCrates } from "./through/outside_crates.ts";
import { readPackagedManifest, readPublishMetadata, readPublishTarball } from "./upload_body.ts";

const DAY = 24 * 60 * 60_000;

/** What answering a request takes: what is held, who may ask, and what time it is. */
export interface CratesContext {
  readonly state: CratesState;
  /** Where crates are read that are not held here; undefined when they are not. */
  readonly outside: OutsideCrates | undefined;
  readonly authenticators: readonly Authenticator[];
  readonly now: () => Date;
}

/** Publishes, or throws a {@link Refusal}. */
export async function publishVersion(
  context: CratesContext,
  { headers, body }: LocalRequest,
): Promise<LocalReply> {
  const { state, now } = context;
  const { metadata: { name, vers }, rest } = readPublishMetadata(body);
  checkNameAndVersion({ name, vers });
  checkDeleted(context, name);
  const existing = findCrate(state, name);
  const caller = authorise(context, { headers, name, existing });
  if (!caller.hasVerifiedEmail) throw new Refusal(400, UNVERIFIED);
  if (caller.user !== undefined) {
    const action = existing === undefined ? "new" : "update";
    takeFromBucket(state, { user: caller.user, action, now: now() });
  }
  const tarball = readPublishTarball(rest);
  const manifest = await readPackagedManifest(tarball, `${name}-${vers}`);
  const table = packageTable(manifest);
  checkAgreement(table, { name, vers });
  checkMetadata(table);
  checkFeatures(tableAt(manifest, "features"));
  const declared = declaredDependencies(manifest);
  checkDeclared(declared);
  const deps = declared.map(({ line }) => line);
  checkHistory(context, { name, vers, caller });
  await checkDependencies(context, deps);
  checkCategories(strings(table.categories));
  // What was uploaded meanwhile counts: the real one does all of this in a transaction, with versions unique.
  checkHistory(context, { name, vers, caller });
  const cksum = createHash("sha256").update(tarball).digest("hex");
  holdVersion(state, {
    name,
    owner: caller.user ?? "",
    version: {
      version: vers,
      cksum,
      tarball,
      line: indexLine(manifest, { name, version: vers, cksum, deps }),
      yanked: false,
      createdAt: now(),
      publishedBy: caller.user,
      trustpubData: caller.trustpubData,
      description: String(table.description),
    },
  });
  return ACCEPTED;
}

const ACCEPTED: LocalReply = {
  status: 200,
  body: { warnings: { invalid_categories: [], invalid_badges: [], other: [] } },
};

const UNVERIFIED =
  "A verified email address is required to publish crates to crates.io. Visit https://crates.io/settings/profile to set and verify your email address.";

/** For some time after its owners deleted it nobody gets a crate's name. */
function checkDeleted({ state, now }: CratesContext, name: string): void {
  const deleted = state.deleted.get(canonicalName(name));
  if (deleted === undefined || deleted.until <= now()) return;
  const until = deleted.until.toISOString().replace(/\.\d+Z$/, "Z");
  throw new Refusal(
    400,
    `A crate with the name \`${deleted.name}\` was recently deleted. Reuse of this name will be available after ${until}.`,
  );
}

function authorise(
  { authenticators }: CratesContext,
  { headers, name, existing }: {
    headers: Headers;
    name: string;
    existing?: LocalCrate | undefined;
  },
): Caller {
  const caller = authenticate(headers, authenticators);
  caller.require(existing === undefined ? "publish-new" : "publish-update", name);
  if (existing?.trustpubOnly && caller.trustpubData === null) {
    throw new Refusal(
      403,
      "New versions of this crate can only be published using Trusted Publishing (see https://crates.io/docs/trusted-publishing)",
    );
  }
  return caller;
}

function checkHistory(
  { state, now }: CratesContext,
  { name, vers, caller }: {
    readonly name: string;
    readonly vers: string;
    readonly caller: Caller;
  },
): void {
  if (isReserved(canonicalName(name))) {
    throw new Refusal(400, "cannot upload a crate with a reserved name");
  }
  const existing = findCrate(state, name);
  if (existing === undefined) return;
  if (caller.user !== undefined && !existing.owners.has(caller.user)) {
    throw new Refusal(
      403,
      "this crate exists but you don't seem to be an owner. If you believe this is a mistake, perhaps you need to accept an invitation to be an owner before publishing.",
    );
  }
  if (existing.name !== name) {
    throw new Refusal(400, `crate was previously named \`${existing.name}\``);
  }
  const since = now().getTime() - DAY;
  const today = existing.versions.filter(({ createdAt }) => createdAt.getTime() > since);
  if (today.length >= state.mostDaily) {
    throw new Refusal(
      429,
      "You have published too many versions of this crate in the last 24 hours",
    );
  }
  const number = uniqueVersion(vers);
  if (existing.versions.some(({ version }) => uniqueVersion(version) === number)) {
    throw new Refusal(400, `crate version \`${number}\` is already uploaded`);
  }
}

async function checkDependencies(
  { state, outside }: CratesContext,
  deps: readonly IndexDependency[],
): Promise<void> {
  for (const dep of deps) {
    const name = dep.package ?? dep.name;
    // The spelling counts too: crates.io looks the name up as it is written.
    if (findCrate(state, name)?.name === name) continue;
    const answer = await askOutside({ state, outside }, name.toLowerCase());
    // What nobody can tell here, crates.io may have.
    if (answer.state === "unanswered") continue;
    if (answer.state === "found" && answer.value[0]?.name === name) continue;
    throw new Refusal(400, `no known crate named \`${name}\``);
  }
}
