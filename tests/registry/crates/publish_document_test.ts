/** What is sent for a ready crate is what cargo itself sends, and what it says is what cargo makes of the commit. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { readTarGz } from "../../../src/artifact/archive/tarball.ts";
import { isTable, readToml, type Table } from "../../../src/core/config/toml_document.ts";
import { parsePackagedManifest } from "../../../src/core/crates/packaged_manifest.ts";
import { manifestDifferences } from "../../../src/core/packaging/manifest_differences.ts";
import { publishDocument, readmePath } from "../../../src/core/crates/publish_document.ts";
import { type RecordingCrates, serveRecordingCrates } from "../../support/recording_crates.ts";
import { type TempFolder, tempFolder } from "../../support/temp.ts";
import { cargoUser, NO_CARGO } from "./crates_world.ts";
import { DEPENDENCIES } from "./publish_row.ts";
import { ROWS } from "./publish_rows.ts";

describe("the document before a crate is cargo's, byte for byte", { skip: NO_CARGO }, () => {
  let server: RecordingCrates;
  let home: TempFolder;
  before(async () => {
    server = await serveRecordingCrates(DEPENDENCIES);
    home = await tempFolder();
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await home[Symbol.asyncDispose]();
  });

  for (const { name, files, at = "." } of ROWS) {
    it(name, async () => {
      server.forget();
      await using folder = await tempFolder(files);
      const user = { home: home.path, server, cwd: join(folder.path, at) };
      const args = ["publish", "--registry", "crates-io", "--no-verify"];
      const token = { CARGO_REGISTRY_TOKEN: `cio${"a".repeat(32)}` };
      const { code, output } = await cargoUser(user, args, token);
      assert.equal(code, 0, output);
      const upload = server.uploads.at(-1)!;
      const texts = await textsOf(upload.crate);
      assert.equal(documentOf(texts), upload.document);
      assert.deepEqual(differencesOf(texts, { files, at }), []);
    });
  }
});

async function textsOf(crate: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const limits = { entries: 100, entryBytes: 2 ** 20, totalBytes: 2 ** 22 };
  await readTarGz(crate, limits, async ({ path, text }) => {
    texts.set(path.slice(path.indexOf("/") + 1), await text());
  });
  return texts;
}

function differencesOf(
  texts: ReadonlyMap<string, string>,
  { files, at }: { readonly files: Readonly<Record<string, string>>; readonly at: string },
): readonly string[] {
  const read = (text: string): Table => readToml(text, "Cargo.toml");
  const root = { document: read(files["Cargo.toml"]!), folder: "" };
  return manifestDifferences({
    own: read(texts.get("Cargo.toml.orig")!),
    packaged: read(texts.get("Cargo.toml")!),
    root: isTable(root.document.workspace) ? root : undefined,
    files: new Set(texts.keys()),
    folder: at === "." ? "" : at,
  });
}

function documentOf(texts: ReadonlyMap<string, string>): string {
  const manifest = parsePackagedManifest(texts.get("Cargo.toml")!, '"Cargo.toml"');
  const readme = readmePath(manifest);
  return publishDocument(manifest, readme === null ? null : texts.get(readme)!);
}
