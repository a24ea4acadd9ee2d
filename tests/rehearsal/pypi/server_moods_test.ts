/** What PyPI's server says that is no fault of a file: switches, limits, races, other actions. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkForm } from "../../../src/rehearsal/pypi/form_checks.ts";
import { type PypiServer, servePypi } from "../../../src/rehearsal/pypi/serve_pypi.ts";
import { makeWheel } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { formFields, parseMetadata } from "../../../src/core/pypi/core_metadata.ts";
import { metadataProblems } from "../../../src/core/pypi/metadata_rules.ts";
import { post, type Posted } from "../../support/pypi_form.ts";
import { METADATA_ROWS } from "../../support/pypi_oracle/metadata_rows.ts";
import { ADA } from "../../support/pypi_publisher.ts";

const DEMO = { name: "demo", version: "1.0.0" };
const WHEEL = makeWheel(DEMO);

const BUSY = "See https://pypi.org/help/#admin-intervention for more information.";

for (
  const { name, change, fields, status, words } of [
    {
      name: "read-only",
      change: ({ state }: PypiServer): void => void (state.flags.readOnly = true),
      status: 403,
      words: "Read-only mode: Uploads are temporarily disabled.",
    },
    {
      name: "closed for uploads",
      change: ({ state }: PypiServer): void => void (state.flags.noNewUploads = true),
      status: 403,
      words: `New uploads are temporarily disabled. ${BUSY}`,
    },
    {
      name: "closed for new projects",
      change: ({ state }: PypiServer): void => void (state.flags.noNewProjects = true),
      status: 403,
      words: `New project registration temporarily disabled. ${BUSY}`,
    },
    {
      name: "full for this project",
      change: ({ state }: PypiServer): void => void (state.limits.projectBytes = 10),
      status: 400,
      words: "Project size too large. Limit for project 'demo' total size is 0 GB. " +
        "See https://docs.pypi.org/project-management/storage-limits for more information.",
    },
    {
      name: "tired of new projects",
      change: ({ state }: PypiServer): void => void (state.limits.newProjects = 0),
      status: 429,
      words: "Too many new projects created",
    },
    {
      name: "asked to register",
      fields: { ":action": "submit" },
      status: 410,
      words:
        "Project pre-registration is no longer required or supported, upload your files instead.",
    },
    {
      name: "asked to take documentation",
      fields: { ":action": "doc_upload" },
      status: 410,
      words:
        "Uploading documentation is no longer supported, we recommend using https://readthedocs.org/.",
    },
    {
      name: "asked for nothing",
      fields: { ":action": undefined },
      status: 405,
      words: "The method POST is not allowed for this resource.",
    },
  ] satisfies readonly {
    readonly name: string;
    readonly change?: (server: PypiServer) => void;
    readonly fields?: Readonly<Record<string, string | undefined>>;
    readonly status: number;
    readonly words: string;
  }[]
) {
  test(`a server that is ${name} answers ${status} in PyPI's words`, async () => {
    await using server = await servePypi({ tokens: ADA });
    change?.(server);
    const answer = await post(server, {
      content: WHEEL,
      ...(fields === undefined ? {} : { fields }),
    });
    assert.deepEqual([answer.status, answer.words], [status, words]);
    assert.equal(server.state.files.size, 0);
  });
}

test("a race for a new name is lost once with 409, and the next try finds the project", async () => {
  await using server = await servePypi({ tokens: ADA });
  server.state.races.add("demo");
  const first = await post(server, { content: WHEEL });
  assert.deepEqual([first.status, first.words], [
    409,
    "The name 'demo' conflicts with an existing project.",
  ]);
  assert.equal((await post(server, { content: WHEEL })).status, 200);
});

test("new projects are counted by the hour", async () => {
  let now = new Date("2026-01-01T00:00:00Z");
  await using server = await servePypi({ tokens: ADA, clock: { now: () => now } });
  server.state.limits.newProjects = 1;
  const send = (name: string): Promise<Posted> =>
    post(server, { content: makeWheel({ ...DEMO, name }), fields: { name } });
  assert.equal((await send("first")).status, 200);
  assert.equal((await send("second")).status, 429);
  now = new Date("2026-01-01T01:00:00Z");
  assert.equal((await send("second")).status, 200);
});

/** What the server says of a document's form; undefined where it takes it. */
function refusalOf(text: string): string | undefined {
  const fields = new Map<string, string[]>();
  const file = { filetype: "bdist_wheel", pyversion: "py3", sha256: "a".repeat(64) } as const;
  for (const [name, value] of formFields(parseMetadata(text), file)) {
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  try {
    checkForm({ fields, uploads: new Map() });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test("the server takes every odd metadata that the product lets through, and reads it otherwise", () => {
  const passed = METADATA_ROWS.filter(({ text }) =>
    metadataProblems(parseMetadata(text)).length === 0
  );
  const refused = passed.filter(({ text }) => refusalOf(text) !== undefined);
  assert.deepEqual(refused.map(({ name, text }) => `${name}: ${refusalOf(text)}`), []);
  assert.ok(passed.length > 200);
});

test("the server refuses nine in ten of what PyPI refuses, without the product's rules", () => {
  const bad = METADATA_ROWS.filter(({ text }) => metadataProblems(parseMetadata(text)).length > 0);
  const both = bad.filter(({ text }) => refusalOf(text) !== undefined);
  assert.ok(both.length > 0.9 * bad.length, `${both.length} of ${bad.length}`);
});
