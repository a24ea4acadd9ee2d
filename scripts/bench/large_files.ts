/**
 * The memory that a publish run takes for files of 100 MB. The registries run in this process, the command in one of its
 * own.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { packTarball } from "../../src/registry/npm/pack.ts";
import { serveNpm } from "../../src/rehearsal/npm/serve_npm.ts";
import { servePypi } from "../../src/rehearsal/pypi/serve_pypi.ts";
import { makeElf } from "../../src/rehearsal/synthesise/binary_elf.ts";
import {
  makeSdist,
  makeWheel,
  toBytes,
} from "../../src/rehearsal/synthesise/python_distribution.ts";
import { tempFolder } from "../../tests/support/temp.ts";
import { builtPackage } from "./built_package.ts";
import { atMost, type Bench, type Figure, measured } from "./figure.ts";
import { peakMemory, type Runtime } from "./measure.ts";

const SIZE = 100_000_000;
const VERSION = "1.0.0";
const TRIPLE = "x86_64-unknown-linux-gnu";

/** The bench. */
export const largeFilesBench: Bench = {
  name: "large-files",
  run: async (say) => {
    const entry = { node: await builtPackage(), deno: resolve("cli.ts") };
    const figures: Figure[] = [];
    for (const { name, budget, boundOn, publish } of CASES) {
      say(name);
      for (const runtime of ["node", "deno"] as const) {
        const peak = await publish(runtime, entry[runtime]);
        const title = `large-files: ${name}, ${runtime === "node" ? "Node" : "Deno"}`;
        const isBound = boundOn.includes(runtime);
        figures.push(isBound ? atMost(title, peak, [budget, "MB"]) : measured(title, peak, "MB"));
      }
    }
    return figures;
  },
};

interface Case {
  readonly name: string;
  /** MB resident. */
  readonly budget: number;
  /** The runtimes that the budget is for; of the others the figure is told. */
  readonly boundOn: readonly Runtime[];
  /** Publishes to an empty registry; gives the peak in MB. */
  readonly publish: (runtime: Runtime, entry: string) => Promise<number>;
}

const CASES: readonly Case[] = [
  { name: "a wheel of 100 MB to PyPI", budget: 150, boundOn: ["node"], publish: publishWheel },
  {
    name: "a ready tarball of 100 MB to npm",
    budget: 400,
    boundOn: ["node", "deno"],
    publish: publishTarball,
  },
  {
    name: "a folder of 100 MB to npm, packed by us",
    budget: 400,
    boundOn: ["node", "deno"],
    publish: publishFolder,
  },
];

async function publishWheel(runtime: Runtime, entry: string): Promise<number> {
  const token = "pypi-of-ada";
  await using server = await servePypi({ tokens: { [token]: { holder: { user: "ada" } } } });
  const input = { name: "large", version: VERSION };
  const files = { "large/__init__.py": "", "large/native.so": largeLibrary() };
  const tag = "cp311-abi3-manylinux_2_17_x86_64";
  const [wheel, sdist] = [makeWheel({ ...input, tag, files }), await makeSdist(input)];
  await using checkout = await tempFolder({
    "putitoutthere.toml": `${config("pypi")}targets = ["${TRIPLE}"]\n`,
    [`artifacts/large-wheel-${TRIPLE}/${wheel.fileName}`]: wheel.bytes,
    [`artifacts/large-sdist/${sdist.fileName}`]: sdist.bytes,
  });
  return await peakMemory(runtime, [entry, "publish", "--release", `large@${VERSION}`], {
    cwd: checkout.path,
    env: {
      PIOT_PYPI_URL: server.url,
      PIOT_PYPI_UPLOAD_URL: server.uploadUrl,
      PYPI_API_TOKEN: token,
    },
  });
}

/** A library whose tables, which are read for what it needs, lie behind all of its content. */
function largeLibrary(): Uint8Array {
  const small = makeElf({ triple: TRIPLE, use: "addon" });
  const view = new DataView(small.buffer);
  const [header, line] = [64, 56];
  const move = (at: number): void =>
    view.setBigUint64(at, view.getBigUint64(at, true) + BigInt(SIZE), true);
  const count = view.getUint16(56, true);
  // e_phoff, and p_offset of each program header.
  move(32);
  for (let index = 0; index < count; index++) move(header + index * line + 8);
  const whole = new Uint8Array(SIZE + small.length);
  whole.set(randomBytes(SIZE), header);
  whole.set(small.subarray(0, header));
  whole.set(small.subarray(header), SIZE + header);
  return whole;
}

async function publishTarball(runtime: Runtime, entry: string): Promise<number> {
  const files = Object.entries(npmPackage());
  const tarball = await packTarball(
    files.map(([path, bytes]) => ({ path, bytes, executable: false })),
  );
  const name = `artifacts/large-pkg/large-${VERSION}.tgz`;
  return await publishNpm({ [name]: tarball }, { runtime, entry });
}

async function publishFolder(runtime: Runtime, entry: string): Promise<number> {
  const files = Object.entries(npmPackage()).map(([path, bytes]) => [`large/${path}`, bytes]);
  return await publishNpm(Object.fromEntries(files), { runtime, entry });
}

function npmPackage(): Record<string, Uint8Array> {
  const manifest = JSON.stringify({ name: "large", version: VERSION });
  return { "package.json": toBytes(manifest), "content.bin": randomBytes(SIZE) };
}

async function publishNpm(
  files: Readonly<Record<string, Uint8Array>>,
  { runtime, entry }: { readonly runtime: Runtime; readonly entry: string },
): Promise<number> {
  const token = "npm_of_ada";
  await using server = await serveNpm({ tokens: { [token]: { user: "ada" } } });
  await using checkout = await tempFolder({ "putitoutthere.toml": config("npm"), ...files });
  return await peakMemory(runtime, [entry, "publish", "--release", `large@${VERSION}`], {
    cwd: checkout.path,
    env: { PIOT_NPM_URL: server.url, NODE_AUTH_TOKEN: token },
  });
}

function config(kind: "npm" | "pypi"): string {
  return `[putitoutthere]
version = 1

[[package]]
name = "large"
kind = "${kind}"
path = "large"
paths = ["large/**"]
`;
}
