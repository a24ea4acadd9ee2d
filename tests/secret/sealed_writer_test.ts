import assert from "node:assert/strict";
import { test } from "node:test";
import { sealWriter } from "../../src/secret/sealed_writer.ts";
import { createVault } from "../../src/secret/vault.ts";
import { findCanary } from "../support/canary.ts";
import fc from "../support/property.ts";
import { SPELLINGS } from "../support/spelled.ts";

const TOKEN = "npm_a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ";

/** What comes out of a sealed writer: after each text, and after its end. */
function written(texts: readonly string[], secret: string = TOKEN): readonly string[] {
  const vault = createVault();
  vault.add(secret);
  let out = "";
  const { write, flush } = sealWriter(vault, { write: (text) => void (out += text) });
  const states = texts.map((text) => {
    write(text);
    return out;
  });
  flush();
  return [...states, out];
}

for (
  const { name, texts, out } of [
    { name: "a whole one", texts: [`a ${TOKEN} b\n`], out: ["a *** b\n", "a *** b\n"] },
    {
      name: "one in two texts",
      texts: [`a ${TOKEN.slice(0, 9)}`, `${TOKEN.slice(9)} b\n`],
      out: ["a ", "a *** b\n", "a *** b\n"],
    },
    {
      name: "one that goes on in the next line",
      texts: [`a ${TOKEN.slice(0, 20)}\n`, `  ${TOKEN.slice(20)}\n`],
      out: ["a ", "a ***\n", "a ***\n"],
    },
    {
      name: "a beginning that comes to nothing",
      texts: ["an n", "pm_ b\n"],
      out: ["an ", "an npm_ b\n", "an npm_ b\n"],
    },
    { name: "an end that may begin one", texts: ["see npm_"], out: ["see ", "see npm_"] },
    {
      name: "an end that begins one",
      texts: [`see ${TOKEN.slice(0, 30)}`],
      out: ["see ", "see ***"],
    },
    {
      name: "a line like most",
      texts: ["uploaded demo\n", "done\n"],
      out: ["uploaded demo\n", "uploaded demo\ndone\n", "uploaded demo\ndone\n"],
    },
    {
      name: "half an escape",
      texts: [`a \\u00`, `6e${TOKEN.slice(1)} b\n`],
      out: ["a ", "a *** b\n", "a *** b\n"],
    },
  ]
) {
  test(`a sealed writer hides a secret: ${name}`, () => {
    assert.deepEqual(written(texts), out);
  });
}

test("a sealed writer lets nothing through, wherever its texts are cut", () => {
  const cuts = fc.array(fc.nat(600), { maxLength: 12 });
  const spells = fc.constantFrom(...Object.keys(SPELLINGS));
  fc.assert(
    fc.property(spells, cuts, (how, places) => {
      const text = `begin ${SPELLINGS[how]!(TOKEN)} end`;
      const ends = [...places.filter((at) => at < text.length).sort((a, b) => a - b), text.length];
      const pieces = ends.map((end, at) => text.slice(ends[at - 1] ?? 0, end));
      const out = written(pieces).at(-1)!;
      assert.deepEqual(findCanary(out, TOKEN), [], out);
      assert.match(out, /^begin [^]* end$/);
    }),
    { numRuns: 1_000 },
  );
});

test("a sealed writer lets nothing through, one character at a time", () => {
  for (const [how, spell] of Object.entries(SPELLINGS)) {
    const out = written([...`begin ${spell(TOKEN)} end\n`]).at(-1)!;
    assert.deepEqual(findCanary(out, TOKEN), [], `${how}: ${out}`);
    assert.match(out, /^begin [^]* end\n$/, how);
  }
});

test("what is written bare begins a line of its own", () => {
  let out = "";
  const { write, writeBare } = sealWriter(createVault(), { write: (text) => void (out += text) });
  writeBare("::add-mask::a\n");
  write("no end");
  writeBare("::add-mask::b\n");
  assert.equal(out, "::add-mask::a\nno end\n::add-mask::b\n");
});
