import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { planWithFacts } from "../../src/command/plan.ts";
import { publishKinds } from "../../src/command/publish.ts";
import { requireRehearsed } from "../../src/command/rehearse/kinds/kinds.ts";
import { setVersionOfKinds } from "../../src/command/set_version.ts";
import { openWorkspace } from "../../src/command/workspace.ts";
import { parseConfig } from "../../src/core/config/parse_config.ts";
import { draftConfig } from "../../src/core/init/draft_config.ts";
import { draftsOf } from "../../src/core/init/kind_draft.ts";
import { Failure } from "../../src/error.ts";
import { KIND_DRAFTS } from "../../src/registry/kind_drafts.ts";
import { knownKinds, REGISTRY_KINDS } from "../../src/registry/kinds.ts";
import { JOB_ENV, refsOf, type RemoteRepo, remoteRepo } from "../support/remote_repo.ts";
import { tempFolder } from "../support/temp.ts";
import { testHost } from "../support/test_host.ts";
import { serveToys } from "../support/toy/serve_toys.ts";
import { TOY_DRAFT, toyKind } from "../support/toy/toy_kind.ts";

const FILE = "putitoutthere.toml";
const CONFIG = `[putitoutthere]
version = 1

[[package]]
name = "race-car"
kind = "toy"
toy = "car"
path = "car"
paths = ["car/**"]
wheels = 4
`;
const TOKEN = "toy-token";

function toyRepo(): Promise<RemoteRepo> {
  return remoteRepo({ [FILE]: CONFIG, "car/toy.txt": "vroom\n" });
}

test("a further kind is declared by its own keys, and its mistakes are told like any other's", () => {
  const known = knownKinds([...REGISTRY_KINDS, toyKind("http://127.0.0.1:1")]);
  const text = CONFIG.replace('toy = "car"\n', "").replace("wheels = 4", "wheels = 3\nacces = 1");
  let failure: unknown;
  try {
    parseConfig(text, { file: FILE, known });
  } catch (error) {
    failure = error;
  }
  ok(failure instanceof Failure);
  deepEqual(failure.problems.map(({ message, location }) => [location?.line, message]), [
    [5, 'Cannot use name "race-car" on the toy box: it holds "-"'],
    [9, 'Cannot use wheels 3 of package "race-car": it tips over'],
    [10, 'Cannot use key "acces" of package "race-car": there is no such key'],
  ]);
});

test("a further kind is found by its manifests, drafted, and its example holds", () => {
  const kinds = [...REGISTRY_KINDS, toyKind("http://127.0.0.1:1")];
  const known = knownKinds(kinds);
  const drafts = draftsOf([...KIND_DRAFTS.values(), TOY_DRAFT]);
  const draft = (files: Readonly<Record<string, string>>): ReturnType<typeof draftConfig> => {
    const manifests = Object.entries(files)
      .map(([file, text]) => ({ file, bytes: new TextEncoder().encode(text) }));
    return draftConfig({ files: Object.keys(files), manifests, known, drafts });
  };
  const found = draft({
    "toy.txt": "car, 4, track",
    "red.paint": "",
    "track/toy.txt": "track, 0",
    "js/package.json": '{ "name": "car", "dependencies": { "track": "1" } }',
  });
  deepEqual(
    found.config?.packages.map(({ name, dependsOn, paths }) => [name, dependsOn, paths]),
    [
      ["car-js", [], ["js/**"]],
      ["car-toy", ["track"], ["toy.txt", "red.paint"]],
      ["track", [], ["track/**"]],
    ],
  );
  match(found.text, /^toy = "car"\nwheels = 4$/m);
  equal(found.steps.at(-1), "the toy box: make room for 2");
  const { text } = draft({});
  const example = text.slice(text.indexOf("## A toy."));
  const config = parseConfig(CONFIG + example.replace(/^# /gm, ""), { file: FILE, known });
  deepEqual(config.packages.map(({ name }) => name), ["race-car", "mytoy"]);
});

test("init finds packages of every kind that a registry is for, in the same order", () => {
  deepEqual([...KIND_DRAFTS.keys()], REGISTRY_KINDS.map(({ rules }) => rules.kind));
});

test("a further kind is planned: its rows, its tag, and no version that its registry cannot hold", async () => {
  await using repo = await toyRepo();
  const kinds = [...REGISTRY_KINDS, toyKind("http://127.0.0.1:1")];
  const workspace = openWorkspace({ cwd: repo.path, env: JOB_ENV }, { kinds });
  const { plan } = await planWithFacts(workspace);
  deepEqual(
    plan.matrix.map(({ kind, target, artifact_name, artifact_path, tag }) => ({
      kind,
      ...{ target, artifact_name, artifact_path, tag },
    })),
    [{
      kind: "toy",
      target: "box",
      artifact_name: "race-car-box",
      artifact_path: "car/out",
      tag: "race-car-v0.1.0",
    }],
  );
  const requests = [{ name: "race-car", version: "1.0.0-rc.1" }];
  await rejects(planWithFacts(workspace, { requests }), /Cannot box 1\.0\.0-rc\.1 of race-car/);
});

test("a further kind is prepared and published, and a second run finds it done", async () => {
  await using repo = await toyRepo();
  await using box = await serveToys(TOKEN);
  await using built = await tempFolder({ "race-car-box/car-0.1.0.box": "vroom" });
  const kinds = [...REGISTRY_KINDS, toyKind(box.url)];
  const host = testHost({ cwd: repo.path, env: { ...JOB_ENV, TOY_TOKEN: TOKEN } });
  const options = { artifacts: built.path };
  const { outcomes } = await publishKinds(kinds, host, options);
  deepEqual(outcomes.map(({ name, status, registryUrl }) => [name, status, registryUrl]), [
    ["race-car", "published", `${box.url}/toys/car/0.1.0`],
  ]);
  equal(
    box.requests.filter((line) => line.startsWith("PUT")).join(),
    "PUT /box/car/0.1.0/car-0.1.0.box 201",
  );
  match((await refsOf(repo.bare)).join(" "), /refs\/tags\/race-car-v0\.1\.0 /);
  const again = await publishKinds(kinds, host, { ...options, release: ["race-car@0.1.0"] });
  deepEqual(again.outcomes.map(({ status }) => status), ["skipped"]);
  equal(box.requests.filter((line) => line.startsWith("PUT")).length, 1);
});

test("what a registry's limits will do is said before anything is sent", async () => {
  await using box = await serveToys(TOKEN);
  await using repo = await toyRepo();
  await using built = await tempFolder({ "race-car-box/car-0.1.0.box": "vroom" });
  const toy = toyKind(box.url);
  const slow: typeof toy = {
    ...toy,
    open: async (options) => {
      const { registry, site } = await toy.open(options);
      const forecast = (uploads: readonly unknown[]): string => `${uploads.length} toy: 0 now`;
      return { registry: { ...registry, forecast }, site };
    },
  };
  const host = testHost({ cwd: repo.path, env: { ...JOB_ENV, TOY_TOKEN: TOKEN } });
  const said: string[] = [];
  await publishKinds([...REGISTRY_KINDS, slow], host, {
    artifacts: built.path,
    onEvent: (event) => {
      if (event.type === "warning") said.push(event.message);
      if (event.type === "upload-started") said.push(event.type);
    },
  });
  deepEqual(said, ["1 toy: 0 now", "upload-started"]);
});

test("what a further kind needs and was not delivered is told with the file that it expects", async () => {
  await using repo = await toyRepo();
  await using nothing = await tempFolder();
  const host = testHost({ cwd: repo.path, env: JOB_ENV });
  const kinds = [...REGISTRY_KINDS, toyKind("http://127.0.0.1:1")];
  const artifacts = join(nothing.path, "none");
  await rejects(publishKinds(kinds, host, { artifacts }), (error: unknown) => {
    ok(error instanceof Failure);
    equal(error.code, "PIOT_ARTIFACT_MISSING");
    match(error.hint ?? "", /race-car-box\/car-0\.1\.0\.box$/);
    return true;
  });
});

test("a further kind that no registry of this machine stands in for is not rehearsed, and says so", () => {
  throws(() => requireRehearsed({ name: "race-car", kind: "toy" }), (error: unknown) => {
    ok(error instanceof Failure);
    equal(error.code, "PIOT_REHEARSAL_KIND");
    equal(
      error.message,
      'Cannot rehearse race-car: no registry on this machine stands in for that of kind "toy"',
    );
    return true;
  });
});

test("a further kind that writes no versions has that told by set-version", async () => {
  await using repo = await toyRepo();
  const host = testHost({ cwd: repo.path, env: JOB_ENV });
  const kinds = [...REGISTRY_KINDS, toyKind("http://127.0.0.1:1")];
  const options = { package: { name: "race-car", version: "1.2.3" } };
  deepEqual(await setVersionOfKinds(kinds, host, options), {
    packages: [options.package],
    files: [],
    variables: {},
    notes: [
      "The manifests of race-car stay as they are: nothing here writes versions of the toy box",
    ],
  });
});
