/**
 * How it is told how a package was authorised, with what evidence of its origin, and what its registry showed of it: in
 * JSON, and in a line for people.
 *
 * @module
 */

import { type Evidence, lostMarks, tellEvidence } from "../core/release/evidence.ts";
import { count } from "./amounts.ts";
import type { Authorisation, AuthorisedName, OutcomeProof, ReadBack } from "./outcome.ts";

/** How a package was authorised, in a JSON document. */
export interface AuthorisationDocument {
  /** `token` as soon as one of its names is uploaded with one. */
  readonly credential: "oidc" | "token";
  /** Which one was used and why, as a sentence. */
  readonly why: string;
  /** One for each name that is uploaded: several for a platform family. */
  readonly names: readonly {
    /** The package on the registry, or a platform package of it. */
    readonly name: string;
    readonly credential: "oidc" | "token";
    /** The marks that this version will have on its registry, the strongest first. */
    readonly evidence: Evidence;
    /** The version that it is held against, with its marks; null for a first version. */
    readonly before: {
      readonly version: string;
      readonly evidence: Evidence;
      /** Set where it is this very release, some files of which are there already. */
      readonly half_there?: true;
    } | null;
    /** Why it will not have more, in the registry's words where that refused; left out where there is no more. */
    readonly why_no_more?: string;
    /** Whether it has less than the version before, and was allowed to. */
    readonly allowed_to_fall: boolean;
  }[];
}

/** One file as its registry showed it right before the tag, in a JSON document. */
export interface ReadBackDocument {
  /** Its name on the registry. */
  readonly file: string;
  /** `same`: these very bytes. `kept`: others of the same commit, of an earlier run. */
  readonly bytes: "same" | "kept";
  /** The digest that the registry shows. */
  readonly digest: string;
  /** The dist-tags that stand on its version; left out where a registry has none. */
  readonly dist_tags?: readonly string[];
  /** The marks of its origin; left out when the registry was not asked for them. */
  readonly evidence?: Evidence;
}

/** What of a proof a JSON document has. */
export interface ProofDocument {
  /** How it was authorised; left out when nothing had to be uploaded. */
  readonly authorisation?: AuthorisationDocument;
  /** What its registry showed right before the tag; left out of a package that did not come to it. */
  readonly read_back?: readonly ReadBackDocument[];
}

/** A proof as `--json` prints it. */
export function proofDocument({ authorisation, readBack }: OutcomeProof): ProofDocument {
  return {
    ...(authorisation && {
      authorisation: { ...authorisation, names: authorisation.names.map(nameDocument) },
    }),
    ...(readBack && { read_back: readBack.map(fileDocument) }),
  };
}

function nameDocument(
  { whyNoMore, isAllowedToFall, before, ...name }: AuthorisedName,
): AuthorisationDocument["names"][number] {
  return {
    ...name,
    before: before && {
      ...{ version: before.version, evidence: before.evidence },
      ...(before.isHalfThere === undefined ? {} : { half_there: before.isHalfThere }),
    },
    ...(whyNoMore === undefined ? {} : { why_no_more: whyNoMore }),
    allowed_to_fall: isAllowedToFall,
  };
}

function fileDocument({ distTags, ...file }: ReadBack): ReadBackDocument {
  return { ...file, ...(distTags === undefined ? {} : { dist_tags: distTags }) };
}

/** The evidence of a release beside that of the version before it; undefined where no name tells of any. */
export function originLine({ names }: Pick<Authorisation, "names">): string | undefined {
  const lines = new Map<string, string[]>();
  for (const name of names) {
    const line = originOf(name);
    lines.set(line, [...lines.get(line) ?? [], name.name]);
  }
  if (lines.size < 2) return [...lines.keys()][0];
  return [...lines].map(([line, found]) => `${line} (for ${found.join(", ")})`).join("; ");
}

function originOf({ evidence, before }: AuthorisedName): string {
  const now = tellEvidence(evidence);
  if (before === null) return `${now}; it has no version before`;
  const { evidence: held, version } = before;
  const isSame = lostMarks(held, evidence).length + lostMarks(evidence, held).length === 0;
  const [as, has] = before.isHalfThere === true
    ? ["its files that are there", "its files that are there have"]
    : [version, `${version} has`];
  return isSame ? `${now}, as ${as}` : `${now}; ${has} ${tellEvidence(held)}`;
}

/** What a registry showed: its files, the dist-tags that stand on them, and their marks where it was asked for them. */
export function shownLine(readBack: readonly ReadBack[]): string {
  const kept = readBack.filter(({ bytes }) => bytes === "kept").length;
  const bytes = kept === 0
    ? `the bytes of ${count(readBack.length, "file")}`
    : `the bytes of ${count(readBack.length, "file")}, ${kept} of an earlier build`;
  const tags = [...new Set(readBack.flatMap(({ distTags = [] }) => distTags))];
  const hasTags = readBack.some(({ distTags }) => distTags !== undefined);
  const origins = new Set(
    readBack.flatMap(({ evidence }) => evidence === undefined ? [] : [tellEvidence(evidence)]),
  );
  return [
    bytes,
    ...(hasTags ? [tags.length === 0 ? "no dist-tag" : `dist-tag ${tags.join(", ")}`] : []),
    ...(origins.size === 0 ? [] : [`origin ${[...origins].join(" / ")}`]),
  ].join("; ");
}
