/**
 * What the npm package has to be, checked on what was built: small, alone, the same each time, under licences that let it
 * be given on, and with types that resolve for whoever imports it.
 *
 * @module
 */

import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import ts from "typescript";

/** Bytes of the packed package. */
const MOST_PACKED = 3_000_000;

/** Licences whose works may be given on inside ours, with their texts or names beside. */
const LICENCES = [
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "CC-BY-3.0",
  "0BSD",
  "(MIT AND Zlib)",
];

/** The declarations that `mod.d.ts` leads to. */
export function reachedTypes(types: string): ReadonlySet<string> {
  const program = ts.createProgram([join(types, "mod.d.ts")], OPTIONS[0]!);
  return new Set(program.getSourceFiles().map(({ fileName }) => resolve(fileName)));
}

/** Takes away what nobody who imports the package can reach. */
export async function trimTypes(types: string): Promise<void> {
  const reached = reachedTypes(types);
  const entries = await readdir(types, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = resolve(entry.parentPath, entry.name);
    if (!reached.has(path)) await rm(path);
  }
}

/** How users compile: by Node's own rules, and for a bundler. */
const OPTIONS: readonly ts.CompilerOptions[] = (["NodeNext", "Bundler"] as const).map((kind) => ({
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: false,
  // Those of TypeScript itself are not ours to check.
  skipDefaultLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
  module: kind === "NodeNext" ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind[kind],
}));

const CONSUMER = `import { createHost, Failure, plan, type Plan, publish } from "putitoutthere";
export async function release(): Promise<Plan> {
  const host = createHost();
  const { outcomes } = await publish(host, { dryRun: true });
  if (outcomes.length === 0) throw new Failure("PIOT_NO_WORK", "nothing");
  // @ts-expect-error: the types are there, and are not any
  outcomes[0].nothing;
  return await plan(host);
}
`;

/** What the compiler says of a program that imports the package, which is installed in the folder. */
export async function typeProblems(folder: string): Promise<readonly string[]> {
  const file = join(folder, "use.ts");
  await writeFile(file, CONSUMER);
  return OPTIONS.flatMap((options) =>
    ts.getPreEmitDiagnostics(ts.createProgram([file], options)).map((problem) => {
      const place = problem.file === undefined ? "" : relative(folder, problem.file.fileName);
      return `${place}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`;
    })
  );
}

/** What is wrong with the licences of bundled packages; each is `name@version` with its licence. */
export function licenceProblems(
  bundled: readonly { readonly id: string; readonly license: unknown }[],
  text: string,
): readonly string[] {
  return bundled.flatMap(({ id, license }) => [
    ...typeof license === "string" && LICENCES.includes(license)
      ? []
      : [`${id} has the licence ${JSON.stringify(license)}`],
    ...text.includes(`${id}\n===`) ? [] : [`${id} is not in THIRD_PARTY.txt`],
  ]);
}

/** What is wrong with the manifest and the size. */
export async function packageProblems(
  folder: string,
  tarball: string,
): Promise<readonly string[]> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const { size } = await stat(tarball);
  const depends = Object.keys(manifest).filter((key) => /dependencies$/i.test(key));
  const scripts = Object.keys(manifest.scripts ?? {});
  return [
    ...depends.map((key) => `package.json has ${key}`),
    ...scripts.map((name) => `package.json has the script ${name}`),
    ...Object.keys(manifest.bin).sort().join() === "piot,putitoutthere" ? [] : ["other bins"],
    ...size <= MOST_PACKED ? [] : [`it has ${size} bytes`],
  ];
}

/** The files of two folders that differ, by their paths. */
export async function differences(one: string, other: string): Promise<readonly string[]> {
  const lists = await Promise.all([one, other].map(async (folder) => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
  }));
  const names = [...new Set(lists.flat())];
  const differ = await Promise.all(names.map(async (name) => {
    const [a, b] = await Promise.all(
      [one, other].map((folder) => readFile(join(folder, name), "utf8").catch(() => undefined)),
    );
    return a !== b;
  }));
  return names.filter((_, at) => differ[at]);
}
