/** After an interruption an upload to npm takes none of its steps any more: no exchange, no signature, no document. */

import { test } from "node:test";
import assert from "node:assert/strict";
import { Failure } from "../../../src/error.ts";
import type { LocalRequest } from "../../../src/rehearsal/server/messages.ts";
import type { LocalServer } from "../../../src/rehearsal/server/serve.ts";
import { heldPackage, manifestText, npmRelease, npmWorld, type World } from "./world.ts";

const JOB = { repository: "ada/engine", workflow: "release.yml", commit: "c".repeat(40) } as const;
const TRUST = {
  demo: {
    repository: "ada/engine",
    workflow: "release.yml",
    permissions: ["createPackage", "createStagedPackage"],
  },
} as const;
const FILES = { "packages/demo/package.json": manifestText({ repository: "github:ada/engine" }) };
const REASON = new Failure("PIOT_INTERRUPTED", "Cannot go on: the run was interrupted (SIGINT)");

/** Requests by their services, in their order: `Actions`, `exchange`, `certificate`, `entry`, `PUT`, `stage`. */
function stepsOf({ server, identity, sigstore }: World): readonly string[] {
  const named = (one: LocalServer | undefined, nameOf: (path: string) => string | undefined) =>
    (one?.log ?? []).flatMap(({ method, path, at }) => {
      const name = method === "GET" && one !== identity ? undefined : nameOf(path);
      return name === undefined ? [] : [{ name, at }];
    });
  const all = [
    ...named(identity, () => "identity"),
    ...named(sigstore, (path) => path.endsWith("/signingCert") ? "certificate" : "entry"),
    ...named(server, (path) => {
      if (path.includes("/oidc/")) return "exchange";
      return path.startsWith("/-/stage/") ? "stage" : "document";
    }),
  ];
  return all.sort((one, other) => one.at - other.at).map(({ name }) => name);
}

type Step = "identity" | "exchange" | "certificate" | "entry" | "document";

/** Which service gets a step's request, and how it is known. */
const STEPS: Readonly<
  Record<Step, readonly ["identity" | "sigstore" | "server", (request: LocalRequest) => boolean]>
> = {
  identity: ["identity", () => true],
  exchange: ["server", ({ path }) => path.includes("/oidc/")],
  certificate: ["sigstore", ({ path }) => path.endsWith("/signingCert")],
  entry: ["sigstore", ({ path }) => path.endsWith("/entries")],
  document: ["server", ({ method }) => method === "PUT"],
};

function serverOf(world: World, name: "identity" | "sigstore" | "server"): LocalServer {
  return world[name]!;
}

const CASES: readonly {
  readonly name: string;
  /** The step in which the interruption comes. */
  readonly at: Step;
  /** How old the token is by then, in minutes: one that grew old is exchanged anew. */
  readonly minutes?: number;
  /** What the registry answers to the document. */
  readonly reply?: { readonly status: number; readonly body: object };
  /** Every step of the upload. */
  readonly steps: readonly string[];
}[] = [
  { name: "while its identity is asked for", at: "identity", minutes: 55, steps: ["identity"] },
  {
    name: "while its token is exchanged",
    at: "exchange",
    minutes: 55,
    steps: ["identity", "exchange"],
  },
  { name: "while Sigstore's identity is asked for", at: "identity", steps: ["identity"] },
  {
    name: "while Sigstore gives a certificate",
    at: "certificate",
    steps: ["identity", "certificate"],
  },
  {
    name: "while the log takes the signature",
    at: "entry",
    steps: ["identity", "certificate", "entry"],
  },
  {
    name: "while a refusal comes that leaves staging to be tried",
    at: "document",
    reply: { status: 403, body: { error: "OIDC permission denied for this action" } },
    steps: ["identity", "certificate", "entry", "document"],
  },
];

for (const { name, at, minutes = 0, reply, steps } of CASES) {
  test(`an upload that is interrupted ${name} takes no further step`, async () => {
    const control = new AbortController();
    await using world = await npmWorld(FILES, { job: JOB, trust: TRUST, signal: control.signal });
    world.server.state.packages.set("demo", heldPackage("demo"));
    const prepared = await world.prepare(npmRelease());
    const credential = await world.npm.authorise(prepared, await world.npm.look(prepared));
    await world.host.clock.sleep(minutes * 60_000);
    const before = stepsOf(world).length;
    const [server, isStep] = STEPS[at];
    serverOf(world, server).breakNext({
      matches: (request) => {
        if (!isStep(request)) return false;
        control.abort(REASON);
        return reply !== undefined;
      },
      how: reply ?? { status: 500 },
    });
    await assert.rejects(world.npm.upload(prepared, prepared.files[0]!, { credential }), {
      code: "PIOT_INTERRUPTED",
    });
    assert.deepEqual(stepsOf(world).slice(before), steps);
    assert.equal(world.server.state.packages.get("demo")!.versions.has("1.0.0"), false);
  });
}

test("of many names none is authorised after an interruption", async () => {
  const control = new AbortController();
  await using world = await npmWorld(FILES, { job: JOB, trust: TRUST, signal: control.signal });
  world.server.state.packages.set("demo", heldPackage("demo"));
  const prepared = await world.prepare(npmRelease());
  const look = await world.npm.look(prepared);
  control.abort(REASON);
  const before = stepsOf(world).length;
  await assert.rejects(world.npm.authorise(prepared, look), { code: "PIOT_INTERRUPTED" });
  assert.equal(stepsOf(world).length, before);
});
