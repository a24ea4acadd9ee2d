/** The npm package as users get it, made from this tree and published to a registry on 127.0.0.1 by npm itself. */

import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { emitJavaScript, integrityOf, packOwn, readManifest } from "../../scripts/npm_package.ts";
import { realNpm } from "./real_npm.ts";
import { tempFolder } from "./temp.ts";

let packed: Promise<Uint8Array> | undefined;

/** Its bytes, packed once for a process; types and licences, which nothing runs, are left out. */
export function packedPackage(): Promise<Uint8Array> {
  packed ??= pack();
  return packed;
}

async function pack(): Promise<Uint8Array> {
  await using folder = await tempFolder({});
  await emitJavaScript(folder.path);
  const what = { exports: { ".": "./dist/mod.js" }, files: ["bin", "dist"] };
  await writeFile(
    join(folder.path, "package.json"),
    JSON.stringify({ ...await readManifest(), ...what }),
  );
  for (const file of ["README.md", "LICENSE"]) await copyFile(file, join(folder.path, file));
  return await packOwn(folder.path);
}

/** Publishes it; gives the hash that the registry has of it. */
export async function publishOwnPackage(
  { registry, token }: { readonly registry: string; readonly token: string },
): Promise<string> {
  const bytes = await packedPackage();
  await using folder = await tempFolder({ "putitoutthere.tgz": bytes });
  await using home = await tempFolder({});
  const at = { cwd: folder.path, home: home.path, registry, token };
  await realNpm(
    ["publish", "--ignore-scripts", "--loglevel=error", "./putitoutthere.tgz"],
    at,
  );
  return integrityOf(bytes);
}
