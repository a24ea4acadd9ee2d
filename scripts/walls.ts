/**
 * The walls: which room may import which. A room imports itself and the rooms below it, a registry never another
 * registry, a local server nothing of the product's rules, and each npm package has the rooms that may know it. `Deno.*`
 * stays out of `src/` altogether.
 *
 * @module
 */

/**
 * A room, and the rooms below it that it may import. `error` is `src/*.ts`, with `src/failure_codes/`. The folders of
 * `src/rehearsal/` are the local servers' but for `synthesise/`: a server that asked the rules would share their mistakes.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  error: [],
  secret: ["error"],
  core: ["error"],
  host: ["error", "secret"],
  report: ["error", "core"],
  artifact: ["error", "core", "host"],
  registry: ["error", "secret", "core", "host", "artifact"],
  server: ["error", "host"],
  rehearsal: ["error", "core", "host", "artifact", "server"],
  command: [
    "error",
    "secret",
    "core",
    "host",
    "report",
    "artifact",
    "registry",
    "rehearsal",
    "server",
  ],
  cli: ["error", "secret", "core", "host", "command"],
};

/** An npm package or a built-in, and the places in `src/` that may import it. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  zod: ["core/"],
  yaml: ["core/doctor/"],
  "smol-toml": ["core/", "rehearsal/crates/"],
  "toml-eslint-parser": ["core/"],
  "spdx-expression-parse": ["core/crates/", "core/pypi/"],
  semver: ["core/"],
  picomatch: ["core/"],
  jose: ["core/", "rehearsal/identity/"],
  "jsonc-parser": ["core/npm/"],
  "@octokit/rest": ["host/"],
  yauzl: ["artifact/"],
  "@noble/hashes": ["rehearsal/pypi/"],
  fflate: ["rehearsal/"],
  "modern-tar": ["registry/npm/", "rehearsal/"],
  pako: ["registry/npm/"],
  "npm-packlist": ["registry/npm/"],
  "normalize-package-data": ["registry/npm/"],
  "validate-npm-package-name": ["rehearsal/npm/"],
  "@sigstore/bundle": ["registry/sigstore/", "rehearsal/sigstore/"],
  "@sigstore/core": ["registry/attested_source.ts"],
  "@sigstore/sign": ["registry/sigstore/"],
  "@sigstore/verify": ["rehearsal/sigstore/"],
  "@sigstore/protobuf-specs": ["rehearsal/sigstore/"],
  "registry-url": ["host/"],
  ini: ["core/npm/"],
  "p-limit": ["command/", "registry/"],
  commander: ["cli/"],
  // Pure computing on paths, bytes and texts; everything else of node: is the machine.
  "node:path": ["host/", "artifact/", "registry/", "rehearsal/", "command/"],
  "node:buffer": ["host/", "artifact/", "registry/", "rehearsal/", "command/"],
  "node:util": ["host/", "artifact/", "report/", "rehearsal/"],
  "node:process": ["host/", "artifact/", "rehearsal/", "cli/"],
  "node:": ["host/", "artifact/", "rehearsal/"],
};

/** A file's path below `src/`, and its room. */
export interface Place {
  /** Path below `src/`, or undefined for files outside it. */
  readonly inner: string | undefined;
  readonly room: string;
}

/** Where a file stands. */
export function placeOf(filename: string): Place {
  const inner = /(?:^|\/)src\/(.+)$/.exec(filename.replaceAll("\\", "/"))?.[1];
  if (inner === undefined) return { inner, room: "entry" };
  const [folder] = inner.split("/", 1);
  const isError = folder === inner || folder === "failure_codes";
  const isServer = /^rehearsal\/(?!synthesise\/)[^/]+\//.test(inner);
  return { inner, room: isError ? "error" : isServer ? "server" : folder! };
}

function resolvePath(from: string, specifier: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function packageRule(specifier: string): readonly string[] | undefined {
  if (specifier.startsWith("node:")) return PACKAGES[specifier] ?? PACKAGES["node:"];
  const name = Object.keys(PACKAGES).find((one) =>
    specifier === one || specifier.startsWith(`${one}/`)
  );
  return name === undefined ? undefined : PACKAGES[name];
}

/** What is wrong with an import, or undefined. */
export function judgeImport(filename: string, specifier: string): string | undefined {
  const { inner, room } = placeOf(filename);
  if (/^(jsr|https?):/.test(specifier)) return `${specifier} cannot be resolved by every machine`;
  if (inner === undefined) return undefined;
  if (!specifier.startsWith(".")) return judgePackage(inner, specifier);
  const target = placeOf(`/${resolvePath(`src/${inner}`, specifier)}`);
  if (target.inner === undefined) return `src/ does not import ${specifier} from outside src/`;
  if (target.room === room) return judgeRegistry(inner, target.inner);
  const below = ROOMS[room];
  if (below === undefined) return `src/${room}/ is not a room of this house`;
  return below.includes(target.room)
    ? undefined
    : `src/${folderOf(inner, room)}/ does not import src/${folderOf(target.inner, target.room)}/`;
}

/** The folder by which a file's room is known. */
function folderOf(inner: string, room: string): string {
  return room === "server" ? inner.split("/").slice(0, 2).join("/") : room;
}

function judgePackage(inner: string, specifier: string): string | undefined {
  const rooms = packageRule(specifier);
  if (rooms === undefined) return `${specifier} has no line in the table of scripts/walls.ts`;
  return rooms.some((start) => inner.startsWith(start))
    ? undefined
    : `${specifier} is not for src/${inner}`;
}

/** Who may write to the process's own streams: whoever seals them, and what ends without a secret in reach. */
const WRITERS: readonly string[] = [
  "host/create_host.ts",
  "cli/run_cli.ts",
  "cli/stall.ts",
  "cli/uncaught.ts",
];

/** What is wrong with `process.stdout` and its like at a place, or undefined: secrets leave by what is not sealed. */
export function judgeSink(
  filename: string,
  { object, property }: { readonly object: string; readonly property: string },
): string | undefined {
  const { inner } = placeOf(filename);
  const isSink = object === "console" ||
    (object === "process" && /^std(?:out|err)$/.test(property));
  if (inner === undefined || !isSink) return undefined;
  if (object === "process" && WRITERS.includes(inner)) return undefined;
  return `src/${inner} writes to a host, which hides secrets, not to ${object}.${property}`;
}

/** A registry does not know another one, and neither do the servers that stand for them. */
function judgeRegistry(from: string, to: string): string | undefined {
  const registry = (path: string): string | undefined =>
    /^(?:registry\/[^/]+|rehearsal\/(?:crates|npm|pypi))(?=\/)/.exec(path)?.[0];
  const [mine, theirs] = [registry(from), registry(to)];
  // Sigstore's client is every registry's, and knows none of them.
  if (theirs === "registry/sigstore") return undefined;
  if (mine === undefined || theirs === undefined || mine === theirs) return undefined;
  return `${mine}/ does not import ${theirs}/`;
}
