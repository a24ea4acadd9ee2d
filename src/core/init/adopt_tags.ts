/**
 * How packages go on from the releases that a repository has tagged before: which tags are theirs, what carries over
 * those that name nobody, and the version that comes next. Pure.
 *
 * @module
 */

import { bumpVersion, compareVersions, isVersion } from "../model/version.ts";
import { renderTag } from "../release/tag.ts";
import { someOf } from "../words/phrases.ts";
import type { FoundPackage } from "./found.ts";
import { draftOf, type KindDrafts, nameKey } from "./kind_draft.ts";
import { releasedVersion } from "./manifest_values.ts";
import { type NamedPackage, type Owned, ownersOf } from "./tag_owners.ts";
import type { TagScheme, TagSchemes, VersionTag } from "./tag_schemes.ts";

/** What is known of the tag of a scheme's highest version. */
export interface TagFacts {
  /** The versions that manifests declare there, by `nameKey()`; undefined for one that declares none. */
  readonly versions: ReadonlyMap<string, string | undefined>;
  /** Where its history and HEAD's part; undefined when HEAD descends from it, or they share nothing. */
  readonly mergeBase?: string;
}

/** What a repository tells of its past. */
export interface Past extends TagSchemes {
  /** By the name of each scheme's highest tag. */
  readonly facts: ReadonlyMap<string, TagFacts>;
}

/** How one package goes on. */
export interface Adoption {
  /** Its `tag_format`, where that is not the default. */
  readonly tagFormat?: string;
  /** Its `first_version`; null where tags tell the next one. */
  readonly firstVersion?: string | null;
  /** What the file says of it, one line each. */
  readonly comments: readonly string[];
}

/** How all of them do. */
export interface Adoptions {
  readonly byPackage: ReadonlyMap<FoundPackage, Adoption>;
  /** What its maintainer should know; sentences without a full stop. */
  readonly notes: readonly string[];
  /** Commands that carry the last releases over, in the packages' order. */
  readonly commands: readonly string[];
}

/** No past: what `init` knows outside of git. */
export const NO_PAST: Past = { schemes: [], odd: [], facts: new Map() };

/** Finds out how packages go on. */
export function adoptTags(
  packages: readonly NamedPackage[],
  { past, drafts }: { readonly past: Past; readonly drafts: KindDrafts },
): Adoptions {
  const owned = ownersOf(packages, past.schemes, drafts);
  const notes: string[] = [];
  const commands: string[] = [];
  const byPackage = new Map<FoundPackage, Adoption>();
  for (const named of packages) {
    const own = owned.filter(({ owners }) => owners.includes(named));
    const [best, ...others] = own
      .map(({ scheme, owners }) => ({ scheme, isOwn: owners.length === 1 }))
      .sort((a, b) => compareVersions(b.scheme.highest.version, a.scheme.highest.version));
    if (best === undefined) continue;
    const adopted = adopt(named, { ...best, past, drafts });
    byPackage.set(named.found, adopted.adoption);
    notes.push(
      ...adopted.notes,
      ...asideNotes(named, { best: best.scheme, others: others.map(({ scheme }) => scheme) }),
      ...aheadNotes(named, adopted.last),
    );
    commands.push(...adopted.commands);
  }
  return { byPackage, notes: [...notes, ...strangerNotes(past, owned)], commands };
}

interface Adopting {
  readonly scheme: TagScheme;
  readonly isOwn: boolean;
  readonly past: Past;
  readonly drafts: KindDrafts;
}

interface Adopted extends Pick<Adoptions, "notes" | "commands"> {
  readonly adoption: Adoption;
  /** The version that counts as its last release; undefined where it had none. */
  readonly last?: string;
}

/** A package goes on from one scheme. */
function asideNotes(
  { name }: NamedPackage,
  { best, others }: { readonly best: TagScheme; readonly others: readonly TagScheme[] },
): readonly string[] {
  if (others.length === 0) return [];
  const tags = someOf(others.map(({ highest }) => highest.name), 3);
  return [
    `${name}: tags such as ${tags} are left aside, since ${best.highest.name} is the highest`,
  ];
}

/** The next plan ships a patch, whatever a manifest is on its way to. */
function aheadNotes({ name, found }: NamedPackage, last: string | undefined): readonly string[] {
  if (last === undefined || found.version === undefined) return [];
  const wanted = releasedVersion(found.version);
  const next = bumpVersion(last, "patch");
  if (!isVersion(wanted) || compareVersions(wanted, next) <= 0) return [];
  return [
    `${name}: its manifest is on its way to ${wanted}, and the next patch is ${next}: ask for it once with --release ${name}@${wanted}`,
  ];
}

const DEFAULT_FORMAT = "{name}-v{version}";

function adopt(named: NamedPackage, { scheme, isOwn, past, drafts }: Adopting): Adopted {
  const { name, found } = named;
  const { highest, prefix } = scheme;
  const format = `${prefix.replace(name, "{name}")}{version}`;
  const isDefault = format === DEFAULT_FORMAT;
  if (isOwn && highest.isReachable) {
    const tagFormat = isDefault ? {} : { tagFormat: format };
    const adoption = { ...tagFormat, firstVersion: null, comments: [] };
    return { adoption, last: highest.version, notes: [], commands: [] };
  }
  const facts = past.facts.get(highest.name);
  const declared = facts?.versions ?? new Map();
  // A package that came later was not released by a tag that names nobody.
  if (!isOwn && !declared.has(nameKey(drafts, { kind: found.kind, name: found.registryName }))) {
    return { adoption: { comments: [] }, notes: [], commands: [] };
  }
  const last = isOwn ? highest.version : lastVersion(found, { highest, declared, drafts });
  const firstVersion = nextVersion(last, found.version);
  if (isOwn && isDefault) {
    const from = scheme.reachable === undefined
      ? ""
      : `, and plans count from ${scheme.reachable.name}`;
    return {
      adoption: {
        firstVersion: scheme.reachable === undefined ? firstVersion : null,
        comments: [],
      },
      notes: [
        `${highest.name} stands on a branch that HEAD does not descend from${from}: merge that branch, or release above it once with --release ${name}@${firstVersion}`,
      ],
      commands: [],
    };
  }
  return carryOver(named, { highest, last, firstVersion, mergeBase: facts?.mergeBase });
}

/** What the package's manifest said at a tag that several share; the tag's own version where that said none. */
function lastVersion(
  found: FoundPackage,
  { highest, declared, drafts }: {
    readonly highest: VersionTag;
    readonly declared: TagFacts["versions"];
    readonly drafts: KindDrafts;
  },
): string {
  const { rules } = draftOf(drafts, found);
  const text = declared.get(nameKey(drafts, { kind: found.kind, name: found.registryName }));
  const version = text === undefined ? undefined : rules.semver(text);
  return version === undefined || !isVersion(version) || releasedVersion(version) !== version
    ? highest.version
    : version;
}

/** Above everything that is known: what the manifest is on its way to, where that is higher than the next patch. */
function nextVersion(last: string, declared: string | undefined): string {
  const next = bumpVersion(last, "patch");
  const wanted = declared === undefined ? undefined : releasedVersion(declared);
  return wanted !== undefined && isVersion(wanted) && compareVersions(wanted, last) > 0
    ? wanted
    : next;
}

function carryOver(
  { name }: NamedPackage,
  { highest, last, firstVersion, mergeBase }: {
    readonly highest: VersionTag;
    readonly last: string;
    readonly firstVersion: string;
    readonly mergeBase: string | undefined;
  },
): Adopted {
  const tag = renderTag({ name, tagFormat: DEFAULT_FORMAT }, last);
  const commit = highest.isReachable ? highest.commit : mergeBase;
  const released = `${highest.name} released it as ${last}`;
  const why = highest.isReachable
    ? released
    : `${released}, on a branch that HEAD does not descend from`;
  if (commit === undefined) {
    return {
      adoption: { firstVersion, comments: [`${why}: first_version is above that.`] },
      notes: [`${name}: ${why}, and shares no commit with it: first_version is ${firstVersion}`],
      commands: [],
    };
  }
  const where = highest.isReachable ? "that commit" : "the commit where the two part";
  return {
    adoption: {
      firstVersion,
      comments: [
        `${why}. A tag ${tag} on ${where} carries`,
        "that over, and the next version follows from it; until then first_version counts.",
      ],
    },
    notes: [`${name}: ${why}; a tag ${tag} on ${where} carries that over`],
    commands: [`git tag ${tag} ${commit}`],
    last,
  };
}

function strangerNotes({ odd }: Past, owned: readonly Owned[]): readonly string[] {
  const strangers = owned.filter(({ owners, scheme }) => owners.length === 0 && scheme.word !== "")
    .map(({ scheme }) => scheme.highest.name);
  return [
    ...strangers.length === 0
      ? []
      : [`Tags such as ${someOf(strangers, 3)} are of no package that is declared`],
    ...odd.length === 0 ? [] : [
      `${
        odd.length === 1 ? "A tag stands" : `${odd.length} tags stand`
      } for no version that is read here, such as ${odd.at(-1)}: what they released is not known`,
    ],
  ];
}
