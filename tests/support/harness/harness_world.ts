/**
 * A repository on a local GitHub, local registries, runners with the packed package and programs that stand in for
 * compilers: everything that the written workflows meet.
 */

import { chmod, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { parse } from "yaml";
import { NODE_BUNDLE } from "../../../scripts/node_bundle.ts";
import { createHost } from "../../../src/host/create_host.ts";
import type { StoredRun } from "../../../src/rehearsal/github/github_state.ts";
import { openServices, type Services } from "../../../src/command/rehearse/open_services.ts";
import { main } from "../../../src/cli/main.ts";
import { GIT_ENV } from "../git_repo.ts";
import { actionCheckout } from "../action_checkout.ts";
import { publishOwnPackage } from "../packed_package.ts";
import { realNpm } from "../real_npm.ts";
import { type RemoteRepo, remoteRepo } from "../remote_repo.ts";
import { tempFolder, writeTree } from "../temp.ts";
import { testHost } from "../test_host.ts";
import { programEnv } from "../tools.ts";
import { ArtifactStore } from "./artifact_store.ts";
import { type Results, runWorkflow, type Start } from "./run_workflow.ts";

/** What a run is started with. */
export interface RunWish extends Omit<Start, "secrets" | "called"> {
  readonly workflow?: "release" | "putitoutthere-check" | "old";
  /** Every registry's token by default. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The run's number; the next one by default. */
  readonly run?: number;
}

/** A world. */
export interface HarnessWorld extends AsyncDisposable {
  readonly repo: RemoteRepo;
  readonly services: Services;
  readonly store: ArtifactStore;
  /** The registries' tokens, by the names of their variables. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Runs a workflow of the commit that the remote's main branch is at. */
  readonly run: (wish: RunWish) => Promise<Results>;
  /** Has npm trust the workflow that releases, in the environment `release`, with a package that it has. */
  readonly trust: (name: string) => void;
  /** The tags of the remote. */
  readonly tags: () => Promise<readonly string[]>;
  readonly lastRun: () => number;
}

/** What a registry knows the written workflow by. */
const IDENTITY = { repository: "ada/engine", workflow: "release.yml", environment: "release" };

/** GitHub starts a workflow for the events that it names alone. */
function requireEvent(text: string, event: string): void {
  const { on } = parse(text) as { readonly on: Readonly<Record<string, unknown>> };
  if (!(event in on)) throw new Error(`this workflow does not start on ${event}`);
}

const DENO = "Deno" in globalThis ? process.execPath : "deno";

const STUBS = ["pipx", "maturin", "napi"];

/** Programs on PATH, before those that are really here. */
async function makePrograms(folder: string, cargo: string): Promise<void> {
  await build({
    ...NODE_BUNDLE,
    entryPoints: [resolve("tests/support/harness/stub_tools.ts")],
    outfile: join(folder, "tools.mjs"),
    logLevel: "error",
  });
  const files: Record<string, string> = {
    rustup: "#!/bin/sh\nexit 0\n",
    sudo: "#!/bin/sh\nexit 0\n",
    cargo: `#!/bin/sh
[ "$1" = build ] && exec node "${folder}/tools.mjs" cargo "$@"
PATH="${cargo}" exec cargo "$@"
`,
    // The Deno that is here, with its own settings, and JSR's publisher, which nobody here has.
    npx: `#!/bin/sh
PATH="${cargo}"
case "$2 $3" in
  "deno@2.9.5 publish") echo "published to JSR"; exit 0 ;;
  "deno@2.9.5 "*) shift 2; unset npm_config_registry npm_config_cache
    HOME="${process.env.HOME}" exec "${DENO}" "$@" ;;
esac
exec npx "$@"
`,
  };
  for (const name of STUBS) {
    files[name] = `#!/bin/sh\nexec node "${folder}/tools.mjs" ${name} "$@"\n`;
  }
  await writeTree(folder, files);
  for (const name of Object.keys(files)) await chmod(join(folder, name), 0o755);
}

/** `@napi-rs/cli`, which addons are built with: it runs the program that stands in for it. */
async function publishNapi(
  { registry, token, bin, home }: Record<"registry" | "token" | "bin" | "home", string>,
): Promise<void> {
  const manifest = { name: "@napi-rs/cli", version: "3.0.0", bin: { napi: "napi.js" } };
  const script = `#!/usr/bin/env node
require("node:child_process").execFileSync("${bin}/napi", process.argv.slice(2));\n`;
  await using folder = await tempFolder({
    "package.json": JSON.stringify(manifest),
    "napi.js": script,
  });
  const words = ["publish", "--access=public", "--ignore-scripts", "--loglevel=error"];
  await realNpm(words, { cwd: folder.path, home: join(home, "napi"), registry, token });
}

async function writeWorkflows(cwd: string, flags: readonly string[]): Promise<void> {
  const host = testHost({ cwd, env: GIT_ENV });
  const argv = ["init", ...flags];
  const status = await main({ argv, makeHost: () => host, isTTY: false });
  if (status !== 0) throw new Error(host.written.stderr);
}

/** Opens a world for a repository whose workflows `init` has written from its configuration. */
export async function openHarness(
  files: Readonly<Record<string, string>>,
  { flags = [], folder: inside = ".", hasIdentity = false, own }: {
    /** Flags of `init`. */
    readonly flags?: readonly string[];
    /** Of this very project, which has its workflows and releases itself: makes the tree ready, in place of `init`. */
    readonly own?: (root: string) => Promise<void>;
    /** The folder that piot runs in. */
    readonly folder?: string;
    /** Whether jobs with `id-token: write` have an identity; tokens are all there is otherwise. */
    readonly hasIdentity?: boolean;
  } = {},
): Promise<HarnessWorld> {
  const folder = await tempFolder({});
  const repo = await remoteRepo(files);
  await (own?.(repo.path) ?? writeWorkflows(join(repo.path, inside), flags));
  await repo.commit("Release by workflow");
  await repo.git("push", "--quiet", "origin", "main");
  for (
    const key of ["http.receivepack", "uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"]
  ) {
    await repo.bare.run(["config", key, "true"]);
  }
  const [home, bin] = [join(folder.path, "home"), join(folder.path, "bin")];
  for (const path of [home, bin]) await mkdir(path);
  const base = programEnv();
  await makePrograms(bin, base.PATH ?? "");
  const machine = createHost({ cwd: repo.path, env: base });
  const runs: StoredRun[] = [];
  const at = { repository: "ada/engine", bare: repo.bare.cwd, home, runs };
  const job = { ...IDENTITY, commit: "", extra: {} };
  const services = await openServices(machine, { ...at, ...(hasIdentity ? { job } : {}) });
  const identityEnv = services.job?.identity.env ?? {};
  const {
    NODE_AUTH_TOKEN = "",
    PYPI_API_TOKEN = "",
    CARGO_REGISTRY_TOKEN = "",
    GITHUB_TOKEN = "",
    ...rest
  } = services.env as Record<string, string>;
  const env = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in identityEnv)));
  const action = await actionCheckout(
    own === undefined
      ? await publishOwnPackage({ registry: env.PIOT_NPM_URL!, token: NODE_AUTH_TOKEN })
      : "",
  );
  const store = new ArtifactStore(join(folder.path, "artifacts"));
  await publishNapi({ registry: env.PIOT_NPM_URL!, token: NODE_AUTH_TOKEN, bin, home });
  const secrets = { NODE_AUTH_TOKEN, PYPI_API_TOKEN, CARGO_REGISTRY_TOKEN };
  let last = 100;
  return {
    ...{ repo, services, store, secrets, lastRun: () => last },
    trust: (name) => {
      const { repository, workflow, environment } = IDENTITY;
      const permissions = ["createPackage"] as const;
      services.npm.trust.set(name, { repository, workflow, environment, permissions });
    },
    tags: async () => (await repo.bare.text(["tag", "--list"])).split("\n").filter(Boolean),
    run: async ({ workflow = "release", run, ...start }) => {
      last = run ?? last + 1;
      const sha = (await repo.bare.text(["rev-parse", "main"])).trim();
      Object.assign(job, {
        ...{ commit: sha, event: start.event },
        extra: { run_id: `${last}`, runner_environment: "github-hosted" },
      });
      const path = `.github/workflows/${workflow}.yml`;
      runs.push({
        ...{ id: last, head_sha: sha, path, event: start.event },
        head_repository: { full_name: "ada/engine" },
      });
      const text = await repo.bare.text(["show", `${sha}:${path}`]);
      requireEvent(text, start.event);
      return await runWorkflow(text, {
        ...start,
        called: (path) => repo.bare.text(["show", `${sha}:${path}`]),
        secrets: start.secrets ?? secrets,
      }, {
        ...{
          store,
          action: action.path,
          token: GITHUB_TOKEN,
          remoteUrl: services.remoteUrl,
          sha,
          run: last,
        },
        branch: start.event === "pull_request" ? undefined : "main",
        identityEnv,
        env: {
          ...env,
          // cargo's only way to take another index for crates.io, by which its own tests do: see src/host/cargo.ts.
          __CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS: `sparse+${env.PIOT_CRATES_INDEX_URL}/`,
          PATH: `${bin}:${env.PATH}`,
          GITHUB_ACTIONS: "true",
          CI: "true",
          GITHUB_WORKFLOW_REF: `ada/engine/${path}@refs/heads/main`,
          npm_config_registry: `${env.PIOT_NPM_URL}/`,
          npm_config_cache: join(home, "npm-cache"),
          npm_config_update_notifier: "false",
          npm_config_fund: "false",
          npm_config_audit: "false",
        },
      });
    },
    [Symbol.asyncDispose]: async () => {
      await services[Symbol.asyncDispose]();
      await repo[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
      await action[Symbol.asyncDispose]();
    },
  };
}
