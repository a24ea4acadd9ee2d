/**
 * What a reStructuredText says beyond single blocks: where its names point, and what is wrong with it.
 *
 * @module
 */

/** Something that docutils warns of or worse, so that PyPI renders nothing. */
export interface RstProblem {
  readonly line: number;
  /** A clause. */
  readonly clause: string;
}

/** What is gathered while a text is read. */
export interface RstDocument {
  readonly problems: RstProblem[];
  /** Names that references may have, each with where it points; undefined where that is a place in the text. */
  readonly targets: Map<string, string | undefined>;
  readonly references: { readonly name: string; readonly line: number }[];
  readonly substitutions: Set<string>;
  readonly substitutionReferences: { readonly name: string; readonly line: number }[];
  readonly footnotes: Set<string>;
  readonly footnoteReferences: { readonly name: string; readonly line: number }[];
  readonly anonymous: { references: number; targets: number };
  readonly automatic: { references: number; footnotes: number };
  /** Roles that the text makes itself. */
  readonly roles: Set<string>;
  /** How sections are underlined, the outermost first. */
  readonly titleStyles: string[];
  sectionLevel: number;
  /** What stands last in the section so far, since a transition stands between two blocks. */
  last: "start" | "block" | "transition";
  /** Whether there is a table, whose cells may refer to anything. */
  hasTables: boolean;
}

/** A text of which nothing is read yet. */
export function emptyDocument(): RstDocument {
  return {
    problems: [],
    targets: new Map(),
    references: [],
    substitutions: new Set(),
    substitutionReferences: [],
    footnotes: new Set(),
    footnoteReferences: [],
    anonymous: { references: 0, targets: 0 },
    automatic: { references: 0, footnotes: 0 },
    roles: new Set(),
    titleStyles: [],
    sectionLevel: 0,
    last: "start",
    hasTables: false,
  };
}

/** A name as references find it: small letters, single blanks, nothing escaped. */
export function referenceName(text: string): string {
  return text.replace(/\\(.)/gs, "$1").replace(/\s+/g, " ").trim().toLowerCase();
}

/** Notes that a name points somewhere; once only, unless to the same address. */
export function addTarget(
  document: RstDocument,
  { name, address, line }: {
    readonly name: string;
    readonly address?: string;
    readonly line: number;
  },
): void {
  const key = referenceName(name);
  if (key === "") return;
  if (document.targets.has(key) && isExplicit.get(document)?.has(key)) {
    const before = document.targets.get(key);
    if (address === undefined || before !== address) {
      document.problems.push({ line, clause: `the target name "${key}" is there twice` });
    }
  }
  isExplicit.set(document, (isExplicit.get(document) ?? new Set()).add(key));
  document.targets.set(key, address);
}

const isExplicit = new WeakMap<RstDocument, Set<string>>();

/** Notes that a heading or a link may be referred to by its words, unless a target has them already. */
export function addName(document: RstDocument, words: string): void {
  const key = referenceName(words);
  if (!document.targets.has(key)) document.targets.set(key, undefined);
}

/** What refers to nothing, once the whole text is read. */
export function danglingProblems(document: RstDocument): readonly RstProblem[] {
  const { targets, substitutions, footnotes, anonymous, automatic } = document;
  const unknown = document.references.filter(({ name }) => !targets.has(referenceName(name)));
  const undefinedOnes = document.substitutionReferences.filter(({ name }) =>
    !substitutions.has(referenceName(name))
  );
  const lost = document.footnoteReferences.filter(({ name }) =>
    !footnotes.has(referenceName(name))
  );
  return [
    ...unknown.map(({ name, line }) => ({ line, clause: `"${name}_" refers to no target` })),
    ...undefinedOnes.map(({ name, line }) => ({ line, clause: `"|${name}|" is defined nowhere` })),
    ...lost.map(({ name, line }) => ({ line, clause: `"[${name}]_" refers to no footnote` })),
    ...(anonymous.references > anonymous.targets ||
        (anonymous.references < anonymous.targets && !document.hasTables)
      ? [{
        line: 1,
        clause: `${anonymous.references} anonymous references have ${anonymous.targets} targets`,
      }]
      : []),
    ...(automatic.references > automatic.footnotes
      ? [{
        line: 1,
        clause:
          `${automatic.references} references to numbered footnotes have ${automatic.footnotes}`,
      }]
      : []),
  ];
}
