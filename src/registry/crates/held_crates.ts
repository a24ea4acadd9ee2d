/**
 * What crates.io holds: its sparse index first, which has no rate limit and lags by seconds to minutes behind the
 * upload, then its API, which knows at once and takes one request a second.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  type IndexEntry,
  isSameVersion,
  parseIndexLines,
  sparseIndexPath,
} from "../../core/crates/crates_index.ts";
import { CRATES } from "../../core/crates/crates_kind.ts";
import { type CratesAnswers, unknownAnswer } from "./crates_answers.ts";

/** A crate as the API shows it. */
export interface HeldCrate {
  /** Its name in the spelling of its first release. */
  readonly name: string;
  /** The version that was uploaded last. */
  readonly newest: string;
  /** Whether new versions are taken from trusted publishing alone. */
  readonly isTrustpubOnly: boolean;
}

/** Reads crates.io without a credential. Every answer that is not definite is a thrown `PIOT_REGISTRY_UNKNOWN`. */
export interface HeldCrates {
  /** Every version in the index, yanked ones too; empty for a name that it does not have. */
  readonly index: (name: string) => Promise<readonly IndexEntry[]>;
  /** The sha256 of one version in lower-case hex; undefined when crates.io has no such version. */
  readonly checksum: (name: string, version: string) => Promise<string | undefined>;
  /**
   * Whether a trusted publisher uploaded a version that is in the index; asked once for each. crates.io may lag behind
   * its index, so that a version which it does not know yet is an unknown too.
   */
  readonly isTrustpub: (name: string, version: string) => Promise<boolean>;
  /**
   * A crate by its name in any spelling that crates.io takes for the same; undefined when the name is free. Asked once
   * for each name: what it says of a crate from before this run is what it is asked for.
   */
  readonly crate: (name: string) => Promise<HeldCrate | undefined>;
  /** Whether there is a category with a slug; asked once for each. */
  readonly hasCategory: (slug: string) => Promise<boolean>;
  /** The bytes of a `.crate` that is there, which are those of the sha256 that crates.io has for them. */
  readonly download: (
    name: string,
    held: { readonly version: string; readonly cksum: string },
  ) => Promise<Uint8Array>;
}

/** Makes a reader. */
export function createHeldCrates(answers: CratesAnswers): HeldCrates {
  const trustpub = once((key) => {
    const [name = "", version = ""] = key.split(" ");
    return readTrustpub(answers, { name, version });
  });
  return {
    index: (name) => readIndex(answers, name),
    checksum: (name, version) => readChecksum(answers, { name, version }),
    isTrustpub: (name, version) => trustpub(`${name} ${version}`),
    crate: once((name) => readCrate(answers, name)),
    hasCategory: once(async (slug) => {
      const question = `whether crates.io has the category ${slug}`;
      return await answers.document(`categories/${encodeURIComponent(slug)}`, question) !==
        undefined;
    }),
    download: async (name, { version, cksum }) => {
      const path = `${versionPath(name, version)}/download`;
      const question = `what ${name} ${version} on crates.io was made from`;
      const bytes = await answers.file(path, question);
      // It comes from another server than the one that was asked.
      const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
      if (Buffer.from(digest).toString("hex") === cksum) return bytes;
      throw unknownAnswer(question, "the file is not the one that crates.io has the checksum of");
    },
  };
}

async function readIndex(answers: CratesAnswers, name: string): Promise<readonly IndexEntry[]> {
  const question = `which versions of ${name} are on crates.io`;
  const text = await answers.indexFile(sparseIndexPath(name), question);
  if (text === undefined) return [];
  const entries = parseIndexLines(text, name);
  if (entries !== undefined) return entries;
  throw unknownAnswer(question, "the index answered something else than its lines");
}

async function readChecksum(
  answers: CratesAnswers,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<string | undefined> {
  const question = `whether ${name} ${version} is on crates.io`;
  const held = await answers.document(versionPath(name, version), question);
  if (held === undefined) return undefined;
  const { crate, num, checksum } = (held as VersionDocument | null)?.version ?? {};
  if (!isName(crate, name) || !isSameVersion(String(num), version)) {
    throw unknownAnswer(question, "the answer is about something else");
  }
  if (typeof checksum !== "string") throw unknownAnswer(question, "the answer has no checksum");
  return checksum.toLowerCase();
}

interface VersionDocument {
  readonly version?: {
    readonly crate?: unknown;
    readonly num?: unknown;
    readonly checksum?: unknown;
    readonly trustpub_data?: unknown;
  };
}

/** Whether a document is about the crate of a name, in whatever spelling is the same to crates.io. */
function isName(found: unknown, name: string): found is string {
  return typeof found === "string" &&
    CRATES.names.canonical(found) === CRATES.names.canonical(name);
}

function versionPath(name: string, version: string): string {
  return `crates/${encodeURIComponent(name)}/${encodeURIComponent(version)}`;
}

/** `trustpub_data` is an object for a trusted publisher's upload, and null for a user's. */
async function readTrustpub(
  answers: CratesAnswers,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<boolean> {
  const question = `who uploaded ${name} ${version} to crates.io`;
  const held = await answers.document(versionPath(name, version), question);
  if (held === undefined) throw unknownAnswer(question, "its index has it, and its API does not");
  const { crate, num, trustpub_data: data } = (held as VersionDocument | null)?.version ?? {};
  if (!isName(crate, name) || !isSameVersion(String(num), version)) {
    throw unknownAnswer(question, "the answer is about something else");
  }
  return typeof data === "object" && data !== null;
}

interface CrateDocument {
  readonly crate?: {
    readonly name?: unknown;
    readonly newest_version?: unknown;
    readonly trustpub_only?: unknown;
  };
}

async function readCrate(answers: CratesAnswers, name: string): Promise<HeldCrate | undefined> {
  const question = `whether the name ${name} is free on crates.io`;
  // An empty `include` leaves out everything that is costly to gather.
  const held = await answers.document(`crates/${encodeURIComponent(name)}?include=`, question);
  if (held === undefined) return undefined;
  const { name: found, newest_version: newest, trustpub_only: only } =
    (held as CrateDocument | null)?.crate ?? {};
  if (!isName(found, name) || typeof newest !== "string") {
    throw unknownAnswer(question, "the answer has no such crate");
  }
  return { name: found, newest, isTrustpubOnly: only === true };
}

/** Asks once for each key; a question that failed may be asked again. */
function once<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return async (key) => {
    const answer = asked.get(key) ?? read(key);
    asked.set(key, answer);
    try {
      return await answer;
    } catch (error) {
      asked.delete(key);
      throw error;
    }
  };
}
