/** What doctor looks at, from texts: a repository that is in order, and what a row changes in it. */

import type { CredentialSources } from "../../src/core/doctor/credential_sources.ts";
import { declaredConfig } from "../../src/core/doctor/declared_config.ts";
import type { DoctorFacts, RunFacts } from "../../src/core/doctor/facts.ts";
import { readAction } from "../../src/core/doctor/local_actions.ts";
import type { ManifestFacts } from "../../src/core/doctor/manifest_facts.ts";
import { findOwnPlaces } from "../../src/core/doctor/own_places.ts";
import { readWorkflow } from "../../src/core/doctor/read_workflow.ts";
import { parseConfig } from "./parse_config.ts";

const PIN = "0123456789012345678901234567890123456789";

/** Two packages, one with a wheel for each of two platforms. */
export const CONFIG = `[putitoutthere]
version = 1

[[package]]
name = "demo-py"
kind = "pypi"
path = "py"
paths = ["py/**"]
build = "maturin"
targets = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"]

[[package]]
name = "demo-js"
kind = "npm"
path = "js"
paths = ["js/**"]
`;

/** A workflow that doctor has nothing to say about. */
export const RELEASE: string = `name: release
on:
  push:
    branches: [main]
  workflow_dispatch:
permissions: {}
concurrency:
  group: release
  cancel-in-progress: false
  queue: max
jobs:
  plan:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    outputs:
      matrix: \${{ steps.plan.outputs.matrix }}
      has_rows: \${{ steps.plan.outputs.has_rows }}
      has_release: \${{ steps.plan.outputs.has_release }}
    steps:
      - uses: actions/checkout@${PIN}
        with:
          fetch-depth: 0
          persist-credentials: false
      - id: plan
        uses: putitoutthere/putitoutthere@v0.1.0
        with:
          command: plan
  build:
    needs: plan
    if: needs.plan.outputs.has_rows == 'true'
    runs-on: \${{ matrix.runs_on }}
    permissions:
      contents: read
    strategy:
      fail-fast: false
      matrix:
        include: \${{ fromJSON(needs.plan.outputs.matrix) }}
    steps:
      - uses: actions/checkout@${PIN}
        with:
          persist-credentials: false
      - run: npx --yes putitoutthere@0.1.0 set-version --row "$ROW"
        env:
          ROW: \${{ toJSON(matrix) }}
      - run: ./build.sh
      - uses: actions/upload-artifact@${PIN}
        with:
          name: \${{ matrix.artifact_name }}
          path: \${{ matrix.artifact_path }}
          include-hidden-files: true
          if-no-files-found: error
          overwrite: true
  publish:
    needs: [plan, build]
    if: \${{ !cancelled() && needs.plan.outputs.has_release == 'true' && needs.build.result != 'failure' }}
    runs-on: ubuntu-latest
    environment: release
    permissions:
      contents: write
      id-token: write
    steps:
      - uses: actions/checkout@${PIN}
        with:
          fetch-depth: 0
      - uses: actions/download-artifact@${PIN}
        with:
          path: artifacts
      - uses: putitoutthere/putitoutthere@v0.1.0
        with:
          command: publish
`;

/** A text with a part exchanged that it has to have. */
export function change(text: string, part: string, other: string): string {
  if (!text.includes(part)) throw new Error(`the fixture does not have ${JSON.stringify(part)}`);
  return text.replace(part, () => other);
}

export interface FactsInput {
  /** By bare name; the healthy release.yml by default. */
  readonly workflows?: Readonly<Record<string, string>>;
  /** By folder. */
  readonly actions?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly manifests?: Readonly<Record<string, Partial<ManifestFacts>>>;
  readonly credentials?: CredentialSources;
  /** Names that registries do not have, of all that were asked for. */
  readonly missing?: readonly string[];
  readonly run?: RunFacts;
  readonly more?: Partial<DoctorFacts>;
}

const NOTHING = { token: undefined, identity: false, createsByTrust: undefined };

const CREDENTIALS: CredentialSources = new Map([
  ["crates", { variables: ["CARGO_REGISTRY_TOKEN"], ...NOTHING }],
  ["pypi", { variables: ["PYPI_API_TOKEN"], ...NOTHING, createsByTrust: "by a pending publisher" }],
  ["npm", { variables: ["NODE_AUTH_TOKEN", "NPM_TOKEN"], ...NOTHING }],
]);

/** The healthy workflow, with parts of it exchanged, as what is read. */
export function released(
  ...changes: readonly (readonly [part: string, other: string])[]
): FactsInput {
  const text = changes.reduce((text, [part, other]) => change(text, part, other), RELEASE);
  return { workflows: { "release.yml": text } };
}

export function doctorFacts(input: FactsInput = {}): DoctorFacts {
  const { workflows: texts = { "release.yml": RELEASE }, config: text = CONFIG } = input;
  const files = Object.entries(texts).map(([name, text]) => {
    const path = `.github/workflows/${name}`;
    return readWorkflow({ file: path, path, text });
  });
  const workflows = files.flatMap(({ workflow }) => workflow ?? []);
  const actions = new Map(
    Object.entries(input.actions ?? {}).map(([folder, text]) =>
      [folder, readAction(text, `${folder}/action.yml`)] as const
    ),
  );
  const file = "putitoutthere.toml";
  const config = declaredConfig(parseConfig(text, file), { file, text });
  return {
    ...{ config, configProblems: [], files, workflows, actions },
    ...findOwnPlaces({ workflows, actions }),
    manifests: new Map(
      config.packages.map(({ name, path }) => [name, {
        file: `${path}/manifest`,
        refusals: [],
        unwritable: [],
        oddities: [],
        repositories: ["https://github.com/ada/demo"],
        hasLicense: true,
        ...input.manifests?.[name],
      }]),
    ),
    credentials: input.credentials ?? CREDENTIALS,
    online: input.missing === undefined ? undefined : {
      packages: config.packages.map((pkg) => ({
        pkg,
        missing: input.missing!.filter((name) => name === pkg.registryName),
      })),
      environments: new Map(),
    },
    run: input.run,
    repository: "ada/demo",
    ...input.more,
  };
}
