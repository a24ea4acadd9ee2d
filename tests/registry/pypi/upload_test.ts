import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import fc from "../../support/property.ts";
import { multipart } from "../../../src/registry/pypi/upload.ts";
import { readForm } from "../../../src/rehearsal/pypi/upload_form.ts";

async function written(
  fields: [string, string][],
  bytes: Uint8Array,
): Promise<{ body: Buffer; contentType: string; size: number }> {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes);
  };
  const form = multipart(fields, { name: "demo.whl", size: bytes.length, chunks }, "piot-boundary");
  const written: Uint8Array[] = [];
  for await (const chunk of form.body.chunks()) written.push(chunk);
  return { body: Buffer.concat(written), contentType: form.contentType, size: form.body.size };
}

test("a form is written as RFC 7578 has it, line feeds and all", async () => {
  const { body, contentType, size } = await written([["name", "demo"], [
    "description",
    "a\nb\r\nü",
  ]], Buffer.from([13, 10, 0]));
  assert.equal(contentType, "multipart/form-data; boundary=piot-boundary");
  assert.equal(size, body.length);
  assert.equal(
    body.toString(),
    '--piot-boundary\r\nContent-Disposition: form-data; name="name"\r\n\r\ndemo\r\n' +
      '--piot-boundary\r\nContent-Disposition: form-data; name="description"\r\n\r\na\nb\r\nü\r\n' +
      '--piot-boundary\r\nContent-Disposition: form-data; name="content"; filename="demo.whl"\r\n' +
      "Content-Type: application/octet-stream\r\n\r\n\r\n\0\r\n--piot-boundary--\r\n",
  );
});

test("whatever stands in a field or in the file is read back as it was", async () => {
  const names = fc.constantFrom("a", "b", "summary");
  const fields = fc.array(fc.tuple(names, fc.string({ unit: "grapheme" })), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fields, fc.uint8Array({ maxLength: 300 }), async (texts, bytes) => {
      const { body, contentType } = await written(texts, bytes);
      const form = readForm(body, contentType)!;
      for (const name of new Set(texts.map(([name]) => name))) {
        const expected = texts.filter(([field]) => field === name).map(([, value]) => value);
        assert.deepEqual(form.fields.get(name), expected);
      }
      assert.deepEqual([...form.uploads.get("content")!.bytes], [...bytes]);
    }),
  );
});

test("the form that is written is one that the runtime's own parser reads too", async () => {
  const { body, contentType } = await written(
    [["classifiers", "A"], ["classifiers", "B"]],
    Buffer.from("zip"),
  );
  const parsed = await new Response(new Uint8Array(body), {
    headers: { "content-type": contentType },
  }).formData();
  assert.deepEqual(parsed.getAll("classifiers"), ["A", "B"]);
  const file = parsed.get("content") as File;
  assert.equal(file.name, "demo.whl");
  assert.equal(await file.text(), "zip");
});
