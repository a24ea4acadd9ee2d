import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../../src/error.ts";
import { servePypi } from "../../../src/rehearsal/pypi/serve_pypi.ts";
import {
  type BuiltArtifact,
  coreMetadata,
  makeSdist,
  makeWheel,
  record,
  sdistMembers,
  tarGzMembers,
  toBytes,
  wheelMembers,
  zipMembers,
} from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { ADA, publisherFor } from "../../support/pypi_publisher.ts";
import { pypiRelease } from "../../support/pypi_release.ts";
import fc from "../../support/property.ts";

const DEMO = { name: "demo", version: "1.0.0" };
const INFO = "demo-1.0.0.dist-info";

/** Headers that PyPI takes or refuses, in every mixture. */
const HEADERS = [
  "Summary: fine",
  "Summary: another",
  `Summary: ${"x".repeat(513)}`,
  "License: MIT",
  "License-Expression: MIT",
  "License-File: LICENSE",
  "License-File: ../LICENSE",
  "Classifier: Programming Language :: Python",
  "Classifier: Private :: Do Not Upload",
  "Requires-Dist: other>=1",
  "Requires-Dist: other @ https://example.com/x.whl",
  "Project-URL: Home, https://example.com",
  "Project-URL: Home, https://example.org",
  "Project-URL: https://example.com",
  "Description-Content-Type: text/markdown",
  "Description-Content-Type: text/html",
  "Requires-Python: >=3.9",
  "Requires-Python: >=3.9.*",
  "Keywords: a,b",
  "Dynamic: Summary",
  "Dynamic: Version",
  "Import-Name: demo",
  "X-Unknown: 1",
] as const;

interface Draft {
  readonly headers: readonly string[];
  readonly metadataVersion: string;
  readonly hasLicence: boolean;
  readonly dropped: string | undefined;
}

const drafts: fc.Arbitrary<Draft> = fc.record({
  headers: fc.subarray([...HEADERS], { maxLength: 3 }),
  metadataVersion: fc.constantFrom("2.1", "2.4", "2.4", "2.5", "2.5", "2.5", "1.9"),
  hasLicence: fc.boolean(),
  dropped: fc.option(fc.constantFrom("METADATA", "WHEEL", "RECORD", "PKG-INFO"), {
    nil: undefined,
    freq: 8,
  }),
});

function metadataOf({ headers, metadataVersion }: Draft): Uint8Array {
  return toBytes(coreMetadata({ ...DEMO, metadata: headers }).replace("2.1", metadataVersion));
}

function draftedWheel(draft: Draft): BuiltArtifact {
  const members = new Map(wheelMembers(DEMO));
  members.delete(`${INFO}/RECORD`);
  members.set(`${INFO}/METADATA`, metadataOf(draft));
  if (draft.hasLicence) members.set(`${INFO}/licenses/LICENSE`, toBytes("MIT\n"));
  members.set(`${INFO}/RECORD`, toBytes(record(members, INFO)));
  members.delete(`${INFO}/${draft.dropped}`);
  return { ...makeWheel(DEMO), bytes: zipMembers(members) };
}

async function draftedSdist(draft: Draft): Promise<BuiltArtifact> {
  const members = new Map(sdistMembers(DEMO));
  members.set("demo-1.0.0/PKG-INFO", metadataOf(draft));
  if (draft.hasLicence) members.set("demo-1.0.0/LICENSE", toBytes("MIT\n"));
  members.delete(`demo-1.0.0/${draft.dropped}`);
  return { ...await makeSdist(DEMO), bytes: await tarGzMembers(members) };
}

test("what passes the checks before an upload is never refused by the upload", async () => {
  let passed = 0;
  let stopped = 0;
  await fc.assert(
    fc.asyncProperty(drafts, fc.boolean(), async (draft, isWheel) => {
      await using server = await servePypi({ tokens: ADA });
      await using fixture = await pypiRelease({
        files: {
          any: [isWheel ? draftedWheel(draft) : makeWheel(DEMO)],
          sdist: [isWheel ? await makeSdist(DEMO) : await draftedSdist(draft)],
        },
      });
      const { prepare, publish } = publisherFor(server);
      const prepared = await prepare(fixture.release).catch((error: unknown) => {
        assert.ok(error instanceof Failure, String(error));
        return undefined;
      });
      if (prepared === undefined) return void stopped++;
      assert.equal((await publish(fixture.release)).length, 2);
      assert.deepEqual(server.state.mails, []);
      passed++;
    }),
    { numRuns: 150, seed: 625 },
  );
  assert.ok(passed > 20 && stopped > 20, `${passed} passed, ${stopped} were stopped`);
});
