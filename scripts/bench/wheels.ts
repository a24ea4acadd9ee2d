/**
 * A release of many wheels to a PyPI that takes 100 ms for every request: one run of `publish`, which also verifies each
 * wheel, against a client that only sends one file after the other.
 *
 * @module
 */

import { createHash, randomBytes } from "node:crypto";
import { publish } from "../../src/command/publish.ts";
import { createHost } from "../../src/host/create_host.ts";
import { type PypiServer, servePypi } from "../../src/rehearsal/pypi/serve_pypi.ts";
import {
  type BuiltArtifact,
  makeSdist,
  makeWheel,
} from "../../src/rehearsal/synthesise/python_distribution.ts";
import { makeWheelLibrary } from "../../src/rehearsal/synthesise/wheel_library.ts";
import { tempFolder } from "../../tests/support/temp.ts";
import { atLeast, type Bench, measured } from "./figure.ts";
import { takeTurns } from "./measure.ts";

const COUNT = 60;
const SIZE = 2_000_000;
const DELAY = 100;
const ROUNDS = 3;
const TOKEN = "pypi-of-ada";
const INPUT = { name: "many", version: "1.0.0" };
const TRIPLE = "x86_64-unknown-linux-gnu";
const PLATFORM = "manylinux_2_17_x86_64";

/** The bench. */
export const wheelsBench: Bench = {
  name: "wheels",
  run: async (say) => {
    say(`making ${COUNT} wheels of ${SIZE / 1e6} MB`);
    const wheels = Array.from({ length: COUNT }, (_, index) => wheel(index));
    const sdist = await makeSdist(INPUT);
    await using checkout = await tempFolder({
      "putitoutthere.toml": CONFIG,
      ...Object.fromEntries(
        wheels.map(({ fileName, bytes }) => [`artifacts/many-wheel-${TRIPLE}/${fileName}`, bytes]),
      ),
      [`artifacts/many-sdist/${sdist.fileName}`]: sdist.bytes,
    });
    say("publishing them, and sending them one after the other");
    const { run, each } = await takeTurns({
      run: () => withServer((server) => publishAll(server, checkout.path)),
      each: () => withServer((server) => sendEach(server, [...wheels, sdist])),
    }, ROUNDS);
    return [
      measured(`wheels: ${COUNT} of ${SIZE / 1e6} MB, one run`, run / 1000, "s"),
      measured(`wheels: ${COUNT} of ${SIZE / 1e6} MB, one after the other`, each / 1000, "s"),
      atLeast("wheels: one after the other / one run", each / run, [5, "×"]),
    ];
  },
};

/** No compression makes it smaller; each is of another Python. */
function wheel(index: number): BuiltArtifact {
  return makeWheel({
    ...INPUT,
    tag: `cp3${index}-cp3${index}-${PLATFORM}`,
    files: {
      "many/native.so": makeWheelLibrary([PLATFORM])!,
      "many/content.bin": randomBytes(SIZE),
    },
  });
}

const CONFIG = `[putitoutthere]
version = 1

[[package]]
name = "many"
kind = "pypi"
path = "many"
paths = ["many/**"]
targets = ["${TRIPLE}"]
`;

async function withServer(act: (server: PypiServer) => Promise<void>): Promise<void> {
  await using server = await servePypi({ tokens: { [TOKEN]: { holder: { user: "ada" } } } });
  server.breakNext({ matches: () => true, how: { delay: DELAY }, times: Infinity });
  await act(server);
  if (server.state.files.size !== COUNT + 1) throw new Error("not every file was published");
}

async function publishAll(server: PypiServer, cwd: string): Promise<void> {
  const env = {
    PIOT_PYPI_URL: server.url,
    PIOT_PYPI_UPLOAD_URL: server.uploadUrl,
    PYPI_API_TOKEN: TOKEN,
  };
  const { outcomes } = await publish(createHost({ cwd, env }), { release: ["many@1.0.0"] });
  if (outcomes.some(({ status }) => status !== "published")) throw new Error("not published");
}

async function sendEach(server: PypiServer, files: readonly BuiltArtifact[]): Promise<void> {
  for (const { fileName, bytes } of files) {
    const isWheel = fileName.endsWith(".whl");
    const fields = {
      ":action": "file_upload",
      protocol_version: "1",
      metadata_version: "2.1",
      ...INPUT,
      filetype: isWheel ? "bdist_wheel" : "sdist",
      pyversion: isWheel ? fileName.split("-")[2]! : "source",
      sha256_digest: createHash("sha256").update(bytes).digest("hex"),
    };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append("content", new Blob([bytes], { type: "application/octet-stream" }), fileName);
    const authorization = `Basic ${btoa(`__token__:${TOKEN}`)}`;
    const answer = await fetch(server.uploadUrl, {
      method: "POST",
      headers: { authorization, accept: "application/json" },
      body: form,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
  }
}
