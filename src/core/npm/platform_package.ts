/**
 * The packages of a platform family, one for each target beside the main package that people install: the package.json and
 * README of those that are made here.
 *
 * @module
 */

import type { BinaryUse } from "../target/fits_triple.ts";
import { platformOf } from "../target/target.ts";
import { setJsonMember } from "./json_text.ts";
import { type PackageJson, parsePackageJson } from "./package_json.ts";

/** What a platform package is made of. */
export interface PlatformInput {
  /** Its name on npm. */
  readonly name: string;
  readonly version: string;
  readonly triple: string;
  /** The path of the program or addon in it. */
  readonly payload: string;
  /** The paths of what lies beside it. */
  readonly companions: readonly string[];
  readonly use: BinaryUse;
  /** The main package, whose identity it shares. */
  readonly main: PackageJson;
}

/**
 * What a platform package has from its main package. The registry refuses provenance without the right `repository` (422),
 * and people and scanners look for the licence in each package.
 */
const INHERITED = [
  ...["description", "license", "author", "contributors", "homepage", "repository", "bugs"],
  ...["funding", "engines"],
];

/** The text of package.json; the same input gives the same text. */
export function platformManifest(input: PlatformInput): string {
  const { name, version, triple, payload, companions, use, main } = input;
  const { os, cpu, libc } = platformOf(triple);
  const inherited = INHERITED.filter((key) => key in main.raw).map((key) => [key, main.raw[key]]);
  const manifest = {
    name,
    version,
    ...Object.fromEntries(inherited) as Record<string, unknown>,
    ...(os === undefined ? {} : { os: [os] }),
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(libc === undefined ? {} : { libc: [libc] }),
    main: payload,
    files: [...new Set([payload, ...companions].map(firstPart))],
    // Yarn keeps packages zipped, and a zipped program cannot be run (yarnpkg.com/configuration/manifest).
    ...(use === "program" ? { preferUnplugged: true } : {}),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** `bin/demo` → `bin`: what `files` lists. */
function firstPart(path: string): string {
  return path.split("/", 1)[0]!;
}

/**
 * A platform package's own package.json, with what it leaves to us: the platform, and what the main package says of whose
 * it is. WebAssembly runs on every platform, so it is for whoever writes it to restrict it.
 */
export function completeManifest(
  text: string,
  { name, triple, use, main }: Pick<PlatformInput, "name" | "triple" | "use" | "main">,
): string {
  const { raw } = parsePackageJson(text);
  const { os, cpu, libc } = platformOf(triple);
  const restricted = os === undefined ? {} : {
    os: [os],
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(libc === undefined ? {} : { libc: [libc] }),
  };
  const ours: Record<string, unknown> = {
    name,
    ...Object.fromEntries(
      INHERITED.flatMap((key) => key in main.raw ? [[key, main.raw[key]]] : []),
    ),
    ...restricted,
    ...(use === "program" ? { preferUnplugged: true } : {}),
  };
  return Object.entries(ours).filter(([key]) => !(key in raw)).reduce(
    (edited, [key, value]) => setJsonMember(edited, { key, value }),
    text,
  );
}

/** The text of README.md, which is what the registry's page shows. */
export function platformReadme(
  { name, triple, use, main }: Pick<PlatformInput, "name" | "triple" | "use"> & {
    readonly main: string;
  },
): string {
  return `# ${name}

The ${use} of \`${main}\` for ${triple}. Install \`${main}\`: it brings this package along where it fits.
`;
}

/**
 * How a ready package.json restricts itself to other machines than its target stands for, as sentences without their
 * subject; empty when it fits. npm would install such a package in the wrong places, or nowhere.
 */
export function platformFieldTrouble({ raw }: PackageJson, triple: string): readonly string[] {
  const { os, cpu, libc } = platformOf(triple);
  return Object.entries({ os, cpu, libc }).flatMap(([key, wanted]) => {
    const found = raw[key];
    const words = wanted === undefined ? [] : [wanted];
    const list = typeof found === "string" ? [found] : found ?? [];
    // Older packages have no libc, and npm did not know it before 10.
    if (key === "libc" && found === undefined) return [];
    // WebAssembly that names no processor is installed everywhere, which is what it is for.
    if (os === undefined && found === undefined) return [];
    if (JSON.stringify(list) === JSON.stringify(words)) return [];
    const is = found === undefined ? "is missing" : `is ${JSON.stringify(found)}`;
    return [
      wanted === undefined
        ? `${key} ${is}, and ${triple} restricts it to nothing`
        : `${key} ${is}, and ${triple} is ${JSON.stringify(words)}`,
    ];
  });
}
