/** A fourth kind of package, all of it: what is known of it, in the configuration and before there is one, and its registry. */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import type { KindConfig } from "../../../src/core/config/kind_config.ts";
import type { PackageTable } from "../../../src/core/config/package_table.ts";
import { described } from "../../../src/core/config/table_schema.ts";
import type { KindDraft } from "../../../src/core/init/kind_draft.ts";
import { folderOf } from "../../../src/core/init/manifest_values.ts";
import { type KindRules, oddCharacter } from "../../../src/core/model/kind.ts";
import type { PackageBase } from "../../../src/core/model/package.ts";
import { heldVersions } from "../../../src/core/model/version.ts";
import { Failure } from "../../../src/error.ts";
import type { Prepared, Presence, Registry, Release } from "../../../src/registry/registry.ts";
import type { RegistryKind, RegistryOptions } from "../../../src/registry/registry_kind.ts";

const KIND = "toy";

interface ToyPackage extends PackageBase {
  readonly kind: typeof KIND;
  readonly wheels: number;
}

declare module "../../../src/core/model/package.ts" {
  interface PackageKinds {
    readonly toy: ToyPackage;
  }
}

const TOY: KindRules = {
  kind: KIND,
  registry: "the toy box",
  manifest: "toy.txt",
  names: {
    key: "toy",
    pattern: "^[a-z]+$",
    maxLength: 10,
    words: "holds small letters, ten at most",
    oddity: (name) => oddCharacter(/[^a-z]/u, name),
    canonical: (name) => name,
  },
  artifacts: {
    ends: () => [{ target: "box", end: "box" }],
    folder: () => "out",
    isRequired: () => true,
    buildKeys: () => ({}),
    expectedFile: ({ registry_name, version }) => `${registry_name}-${version}.box`,
  },
  // The box numbers its toys, and knows no pre-releases.
  spelling: (version, name) => {
    if (!version.includes("-")) return version;
    throw new Failure("PIOT_VERSION_UNMAPPABLE", `Cannot box ${version} of ${name}`, {
      hint: "Release a version without a pre-release",
    });
  },
  semver: (version) => version,
  page: ({ registryName, version }) => `toys/${registryName}/${version}`,
  isFamily: () => false,
};

type ToyTable = PackageTable & { readonly wheels: number };

const TOY_CONFIG: KindConfig<ToyTable> = {
  rules: TOY,
  keys: {
    toy: z.optional(z.string()),
    wheels: described(z.number(), "How many wheels it has."),
  },
  findings: [
    (drafts) =>
      drafts.filter(({ values }) => values.wheels === 3).map(({ path, label }) => ({
        path: [...path, "wheels"],
        message: `Cannot use wheels 3 of ${label}: it tips over`,
        hint: "Add one, or take one off",
      })),
  ],
  toPackage: ({ wheels }, base) => ({ ...base, kind: KIND, wheels }),
};

/** A toy.txt is `name, wheels`, and then the names of toys that it is played with. */
export const TOY_DRAFT: KindDraft = {
  rules: TOY,
  mark: "toy",
  sources: /\.paint$/,
  example: {
    about: "A toy.",
    table: `[[package]]
name = "mytoy"
kind = "toy"
path = "mytoy"
paths = ["mytoy/**"]
wheels = 4
`,
  },
  read: ({ file, bytes }) => {
    const [name = "", wheels = "", ...needs] = new TextDecoder().decode(bytes).trim().split(", ");
    return { file, folder: folderOf(file), table: { name, wheels, needs } };
  },
  judge: ({ file, folder, table }) => ({
    found: {
      kind: KIND,
      file,
      folder,
      registryName: table.name as string,
      ownKeys: { wheels: Number(table.wheels) },
      targets: [],
      areTargetsGuessed: false,
      needs: (table.needs as string[]).map((name) => ({ kind: KIND, name, isWeak: false })),
      notes: [],
    },
  }),
  nextSteps: (packages) => [`the toy box: make room for ${packages.length}`],
};

/** What the box holds of one toy: digests by file name, by version. */
type Held = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface PreparedToy extends Prepared {
  readonly bytes: Uint8Array;
}

function openToys({ host, endpoints: _ }: RegistryOptions, site: string): Registry<PreparedToy> {
  const toyOf = ({ package: { registryName } }: Release): string => `${site}/box/${registryName}`;
  return {
    prepare: (releases) => Promise.all(releases.map(prepareToy)),
    look: async ({ release, files }) => {
      const answer = await host.http(toyOf(release));
      if (answer.status !== 200 && answer.status !== 404) {
        throw new Failure("PIOT_REGISTRY_UNKNOWN", `The toy box answered ${answer.status}`);
      }
      const held: Held = answer.status === 404 ? {} : await answer.json();
      const presenceOf = (name: string, digest: string): Presence => {
        const there = held[release.version]?.[name];
        if (there === undefined) return { state: "absent" };
        return there === digest ? { state: "same" } : { state: "other", held: there };
      };
      return {
        files: new Map(files.map(({ name, digest }) => [name, presenceOf(name, digest)])),
        ...heldVersions(release.version, Object.keys(held)),
      };
    },
    // The box knows bytes, and nothing of where they are from.
    records: () => Promise.resolve({ commits: new Map(), notes: [] }),
    authorise: () => {
      const secret = host.env.TOY_TOKEN;
      if (secret === undefined) throw new Failure("PIOT_AUTH_MISSING", "There is no TOY_TOKEN");
      return Promise.resolve({ kind: "token" as const, secret, why: "TOY_TOKEN is set" });
    },
    upload: async ({ release, bytes }, { name }, { credential }) => {
      const answer = await host.http(`${toyOf(release)}/${release.version}/${name}`, {
        method: "PUT",
        headers: { authorization: `Bearer ${credential.secret}` },
        body: bytes.slice(),
      });
      if (answer.status === 201) return;
      throw new Failure("PIOT_REGISTRY_REFUSED", `The toy box answered ${answer.status}`);
    },
  };
}

async function prepareToy(release: Release): Promise<PreparedToy> {
  const { folder } = release.artifacts[0]!;
  const name = `${release.package.registryName}-${release.version}.box`;
  const delivered = await readdir(folder!);
  if (!delivered.includes(name)) {
    throw new Failure("PIOT_ARTIFACT_INVALID", `Cannot box ${delivered.join(", ")}: no ${name}`);
  }
  const bytes = new Uint8Array(await readFile(join(folder!, name)));
  const digest = `sha256-${createHash("sha256").update(bytes).digest("hex")}`;
  return { release, files: [{ name, size: bytes.length, digest }], warnings: [], bytes };
}

/** The kind, whose box is at an address. */
export function toyKind(site: string): RegistryKind {
  return {
    rules: TOY,
    config: TOY_CONFIG,
    sideBySide: 2,
    open: (options) => Promise.resolve({ registry: openToys(options, site), site }),
  };
}
