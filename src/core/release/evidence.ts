/**
 * Evidence of origin: what a registry shows to everybody about how a version came to it. Of one package it may grow and
 * stay, and never fall: installers refuse a version that has less than an earlier one (pnpm's `no-downgrade`, aube).
 *
 * @module
 */

/**
 * One mark of a version, the strongest first. npm: a maintainer approved it with a second factor; a trusted publisher
 * sent it; it has provenance. PyPI: its files have attestations (PEP 740). crates.io: a trusted publisher sent it
 * (`trustpub_data`).
 */
export type EvidenceMark = "approved" | "trusted-publisher" | "provenance" | "attestations";

/** The marks of one version, the strongest first; empty for none. */
export type Evidence = readonly EvidenceMark[];

/** A version on a registry, and the marks that it has there. */
export interface VersionEvidence {
  /** As the registry spells it. */
  readonly version: string;
  /** The strongest first; empty for none. */
  readonly evidence: Evidence;
  /** Set where it is the release itself: files of it are there, and others are not yet. */
  readonly isHalfThere?: true;
}

/** Every mark with its word, the strongest first. */
const WORDS: Readonly<Record<EvidenceMark, string>> = {
  "approved": "approval",
  "trusted-publisher": "trusted publisher",
  "provenance": "provenance",
  "attestations": "attestations",
};

const MARKS = Object.keys(WORDS) as readonly EvidenceMark[];

/** The marks that are there, in their order. */
export function evidenceOf(
  found: Readonly<Partial<Record<EvidenceMark, boolean | undefined>>>,
): Evidence {
  return MARKS.filter((mark) => found[mark] === true);
}

/** As people read it: `trusted publisher and provenance`, or `none`. */
export function tellEvidence(evidence: Evidence): string {
  const words = evidence.map((mark) => WORDS[mark]);
  const last = words.pop();
  if (last === undefined) return "none";
  return words.length === 0 ? last : `${words.join(", ")} and ${last}`;
}

/**
 * The marks of an earlier version that a later one lacks. A stronger mark does not make up for them: whoever looks for
 * provenance does not look for who sent it, and pnpm counts a trusted publisher only together with provenance.
 */
export function lostMarks(before: Evidence, now: Evidence): Evidence {
  return before.filter((mark) => !now.includes(mark));
}

/**
 * Of the versions that a release is held against the one that it loses most marks of, the first of them where that is the
 * same for several; undefined when there is none.
 */
export function heaviest(
  before: readonly VersionEvidence[],
  now: Evidence,
): VersionEvidence | undefined {
  const losses = before.map(({ evidence }) => lostMarks(evidence, now).length);
  return before[losses.indexOf(Math.max(...losses))];
}
