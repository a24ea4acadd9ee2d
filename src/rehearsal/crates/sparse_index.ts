/**
 * The sparse index of the local crates.io: `config.json` and one file per crate, with validators and, when asked to,
 * as far behind the uploads as the real one's edges can be. A version's line is made from its packaged Cargo.toml.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type LocalReply, type LocalRequest, Refusal } from "../server/messages.ts";
import { canonicalName, type CratesState, findCrate, type LocalCrate } from "./crates_state.ts";
import type { Table } from "./upload_body.ts";

/** Answers a GET below the index; `path` comes without a slash in front. */
export function serveIndex(
  { state, url }: { readonly state: CratesState; readonly url: string },
  { path, headers }: { readonly path: string; readonly headers: LocalRequest["headers"] },
): LocalReply {
  if (path === "config.json") {
    return withValidator(JSON.stringify({ dl: `${url}/dl`, api: url }), headers);
  }
  const name = path.split("/").at(-1)!;
  const crate = findCrate(state, name);
  // Index paths are lower case, and `-` is not `_` to them.
  if (crate === undefined || indexPath(crate.name) !== path) return { status: 404, body: "" };
  const versions = visibleVersions(state, crate);
  if (versions.length === 0) return { status: 404, body: "" };
  const lines = versions.map(({ line, yanked }) => JSON.stringify({ ...line, yanked }));
  return withValidator(`${lines.join("\n")}\n`, headers);
}

/** Where a crate's file is: short names by their length, others by their first two pairs of letters (cargo's reference). */
function indexPath(name: string): string {
  const lower = name.toLowerCase();
  const [, pair, other] = /^(..)(..)/.exec(lower) ?? [];
  if (pair !== undefined) return `${pair}/${other}/${lower}`;
  return lower.length === 3 ? `3/${lower[0]}/${lower}` : `${lower.length}/${lower}`;
}

function visibleVersions(state: CratesState, crate: LocalCrate): LocalCrate["versions"] {
  const key = canonicalName(crate.name);
  const stale = state.stale.get(key);
  if (stale === undefined) return crate.versions;
  stale.reads--;
  if (stale.reads <= 0) state.stale.delete(key);
  return crate.versions.slice(0, stale.versions);
}

function withValidator(body: string, headers: Headers): LocalReply {
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
  if (headers.get("if-none-match") === etag) return { status: 304, headers: { etag } };
  return {
    status: 200,
    headers: { etag, "content-type": "text/plain", "cache-control": "public,max-age=600" },
    body,
  };
}

/** A dependency as the index has it. */
export interface IndexDependency {
  /** The alias, for a renamed one. */
  readonly name: string;
  readonly req: string;
  readonly features: readonly string[];
  readonly optional: boolean;
  readonly default_features: boolean;
  readonly target: string | null;
  readonly kind: "normal" | "build" | "dev";
  /** The real name of a renamed one. */
  readonly package?: string;
}

const KINDS = [
  ["dependencies", "normal"],
  ["build-dependencies", "build"],
  ["dev-dependencies", "dev"],
] as const;

/** Every dependency of a packaged manifest. Throws a {@link Refusal} for `*` and for one of another registry. */
export function indexDependencies(manifest: Table): IndexDependency[] {
  const targets = Object.entries(tableAt(manifest, "target"));
  return [[null, manifest] as const, ...targets].flatMap(([target, holder]) =>
    KINDS.flatMap(([table, kind]) =>
      Object.entries(tableAt(holder as Table, table)).map(([name, value]) =>
        indexDependency({ name, value, kind, target })
      )
    )
  );
}

function tableAt(table: Table, key: string): Table {
  const value = table[key];
  return typeof value === "object" && value !== null ? value as Table : {};
}

function indexDependency(
  { name, value, kind, target }: {
    name: string;
    value: unknown;
    kind: IndexDependency["kind"];
    target: string | null;
  },
): IndexDependency {
  const table = (typeof value === "string" ? { version: value } : value) as Table;
  const real = typeof table.package === "string" ? table.package : undefined;
  const req = typeof table.version === "string" ? table.version : "*";
  if (table.registry !== undefined || table["registry-index"] !== undefined) {
    throw new Refusal(
      400,
      `Dependency \`${
        real ?? name
      }\` is hosted on another registry. Cross-registry dependencies are not permitted on crates.io.`,
    );
  }
  if (req.trim() === "*") {
    throw new Refusal(
      400,
      `wildcard (\`*\`) dependency constraints are not allowed on crates.io. Crate with this problem: \`${
        real ?? name
      }\` See https://doc.rust-lang.org/cargo/faq.html#can-libraries-use--as-a-version-for-their-dependencies for more information`,
    );
  }
  return {
    name,
    req: caret(req),
    features: Array.isArray(table.features) ? table.features as string[] : [],
    optional: table.optional === true,
    default_features: table["default-features"] !== false,
    target,
    kind,
    ...(real === undefined ? {} : { package: real }),
  };
}

/** A bare version is written with its caret. */
function caret(req: string): string {
  return req.split(",").map((part) =>
    /^\s*\d+(?:\.\d+)*(?:[-+].*)?\s*$/.test(part) ? `^${part.trim()}` : part.trim()
  )
    .join(", ");
}

/** The whole line. Features that use `dep:` or `?/` stand in `features2`, and the line's layout is then 2. */
export function indexLine(
  manifest: Table,
  { name, version, cksum, deps }: {
    readonly name: string;
    readonly version: string;
    readonly cksum: string;
    readonly deps: readonly IndexDependency[];
  },
): Record<string, unknown> {
  const entries = Object.entries(tableAt(manifest, "features")) as [string, string[]][];
  const isNew = ([, values]: [string, string[]]): boolean =>
    values.some((value) => value.startsWith("dep:") || value.includes("?/"));
  const features2 = entries.filter(isNew);
  const table = tableAt(manifest, "package");
  return {
    name,
    vers: version,
    deps,
    cksum,
    features: Object.fromEntries(entries.filter((entry) => !isNew(entry))),
    ...(features2.length === 0 ? {} : { features2: Object.fromEntries(features2), v: 2 }),
    yanked: false,
    ...(typeof table.links === "string" ? { links: table.links } : {}),
    ...(typeof table["rust-version"] === "string" ? { rust_version: table["rust-version"] } : {}),
  };
}
