/**
 * Proof never falls: a release that shows less evidence of its origin than the version before it is refused, unless
 * that was allowed by name. Installers refuse such versions, so that a token which stands in silently breaks users.
 *
 * @module
 */

import type { Package } from "../../core/model/package.ts";
import { heaviest, lostMarks, tellEvidence } from "../../core/release/evidence.ts";
import { didYouMean, quote, someOf } from "../../core/words/phrases.ts";
import { combineFailures, Failure } from "../../error.ts";
import type { Credential, Proof, Release } from "../../registry/registry.ts";
import type { Authorisation, AuthorisedName } from "../../report/outcome.ts";

/** The flag that lets a package pass. */
const FLAG = "--allow-downgrade";

/** The names of packages that may pass. Throws `PIOT_USAGE` for one that nobody declared. */
export function readAllowed(
  names: readonly string[],
  packages: readonly Package[],
): ReadonlySet<string> {
  const declared = packages.map(({ name }) => name);
  const unknown = names.find((name) => !declared.includes(name));
  if (unknown === undefined) return new Set(names);
  const list = `The packages are ${someOf(declared, 10)}; give the flag once for each`;
  throw new Failure(
    "PIOT_USAGE",
    `Cannot use ${FLAG} ${quote(unknown)}: no package has that name`,
    {
      hint: [...didYouMean(unknown, declared), list].join(" "),
    },
  );
}

/** What the evidence of a release comes to. */
export interface Weighed {
  readonly authorisation: Authorisation;
  /** Why it is refused. */
  readonly refusal?: Failure;
  /** Sentences for everybody. */
  readonly warnings: readonly string[];
}

/** Weighs what a release will show against what the versions before it show. */
export function weigh(
  release: Release,
  { credential, isAllowed }: { readonly credential: Credential; readonly isAllowed: boolean },
): Weighed {
  const { kind, why, proofs = [], warnings = [] } = credential;
  const names = proofs.map((proof) => authorised(proof, isAllowed));
  const authorisation = { credential: kind, why, names };
  const falls = fallsOf(proofs);
  const { name } = release.package;
  if (falls.length === 0) {
    const unneeded = `${FLAG} ${name} was not needed: what it shows of its origin does not fall`;
    return { authorisation, warnings: isAllowed ? [...warnings, unneeded] : warnings };
  }
  const found = falls.map((fall) => ({ fall, words: tellFall(fall, release) }));
  if (isAllowed) {
    const passed = found.map(({ words }) => `${words}; ${FLAG} ${name} lets it pass`);
    return { authorisation, warnings: [...warnings, ...passed] };
  }
  const refusal = combineFailures(found.map(({ fall, words }) => refusalOf(name, fall, words)));
  return { authorisation, refusal, warnings };
}

function authorised(proof: Proof, isAllowed: boolean): AuthorisedName {
  const { name, kind: credential, evidence, whyNoMore } = proof;
  const before = heaviest(proof.before, evidence) ?? null;
  return {
    ...{ name, credential, evidence, before },
    ...(whyNoMore === undefined ? {} : { whyNoMore }),
    isAllowedToFall: isAllowed && before !== null &&
      lostMarks(before.evidence, evidence).length > 0,
  };
}

/** Names that lose the same for the same reason, such as the packages of a family. */
interface Fall extends Pick<Proof, "evidence" | "whyNoMore" | "hint"> {
  readonly before: NonNullable<ReturnType<typeof heaviest>>;
  readonly names: readonly string[];
}

function fallsOf(proofs: readonly Proof[]): readonly Fall[] {
  const falls = new Map<string, Fall>();
  for (const { name, evidence, whyNoMore, hint, ...proof } of proofs) {
    const before = heaviest(proof.before, evidence);
    if (before === undefined || lostMarks(before.evidence, evidence).length === 0) continue;
    const key = JSON.stringify([before, evidence, whyNoMore]);
    const names = [...falls.get(key)?.names ?? [], name];
    falls.set(key, {
      ...{ names, evidence, before },
      ...(whyNoMore === undefined ? {} : { whyNoMore }),
      ...(hint === undefined ? {} : { hint }),
    });
  }
  return [...falls.values()];
}

/** Said so that it is clear what was compared: a backport is not held against what was published last. */
function tellFall({ names, before, evidence, whyNoMore }: Fall, { version }: Release): string {
  const because = whyNoMore === undefined ? "" : `; ${whyNoMore}`;
  const rival = before.isHalfThere === true
    ? "the files of it that are there already"
    : `${before.version}, the version before it`;
  return `${someOf(names, 5)} ${version} shows less of its origin than ${rival}: ` +
    `${tellEvidence(before.evidence)} there, ${tellEvidence(evidence)} here${because}`;
}

function refusalOf(name: string, { hint }: Fall, words: string): Failure {
  const mend = hint === undefined ? "Let it pass" : `${hint}; or let it pass`;
  return new Failure("PIOT_TRUST_DOWNGRADE", `Cannot publish ${name}: ${words}`, {
    hint: `${mend} with ${FLAG} ${name}: whoever looks for that evidence will find it gone`,
  });
}
