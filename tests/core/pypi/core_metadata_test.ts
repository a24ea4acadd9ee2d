import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formFields,
  metadataField,
  metadataFields,
  parseMetadata,
} from "../../../src/core/pypi/core_metadata.ts";
import { metadataDoubts, metadataProblems } from "../../../src/core/pypi/metadata_rules.ts";

const HEAD = "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\n";

test("headers are read in any case, in order, until the first empty line", () => {
  const metadata = parseMetadata(
    `${HEAD}CLASSIFIER: A\nclassifier: B\nKeywords: a,b\n\nName: not a header\n\nend\n`,
  );
  assert.deepEqual(metadataFields(metadata, "Classifier"), ["A", "B"]);
  assert.equal(metadataField(metadata, "keywords"), "a,b");
  assert.equal(metadataField(metadata, "Description"), "Name: not a header\n\nend\n");
  assert.deepEqual(metadata.problems, []);
});

test("a body keeps its line ends, headers may end in CRLF", () => {
  const metadata = parseMetadata(`${HEAD.replaceAll("\n", "\r\n")}\r\none\r\ntwo\n`);
  assert.equal(metadataField(metadata, "Version"), "1.0");
  assert.equal(metadataField(metadata, "Description"), "one\r\ntwo\n");
});

test("a folded description loses its indentation or its margin", () => {
  const blanks = parseMetadata(`${HEAD}Description: one\n        two\n            three\n`);
  assert.equal(metadataField(blanks, "Description"), "one\ntwo\n    three");
  const margin = parseMetadata(`${HEAD}Description: one\n       |two\n       |  three\n`);
  assert.equal(metadataField(margin, "Description"), "one\ntwo\n  three");
});

test("the old filler UNKNOWN counts as absent", () => {
  const metadata = parseMetadata(`${HEAD}Home-page: UNKNOWN\nLicense: UNKNOWN\n`);
  assert.equal(metadataField(metadata, "Home-page"), undefined);
  assert.ok(!metadata.fields.has("license"));
});

test("unknown headers are passed over, and named", () => {
  const metadata = parseMetadata(`${HEAD}X-Future: 1\nAnother: 2\n`);
  assert.deepEqual(metadata.unknown, ["X-Future", "Another"]);
  assert.deepEqual(metadataProblems(metadata), []);
});

for (
  const { name, text, problem } of [
    {
      name: "a single field twice",
      text: `${HEAD}Version: 2.0\n`,
      problem: "Version is in it twice",
    },
    {
      name: "a description as header and body",
      text: `${HEAD}Description: a\n\nb\n`,
      problem: "Description is in it twice",
    },
    { name: "a line that is no header", text: `${HEAD}what\n`, problem: '"what" is no header' },
    { name: "no name", text: "Metadata-Version: 2.1\nVersion: 1\n", problem: "Name is missing" },
    { name: "nothing at all", text: "", problem: "Metadata-Version is missing" },
    {
      name: "a metadata version of another era",
      text: HEAD.replace("2.4", "3.0"),
      problem:
        'Metadata-Version "3.0" is none that PyPI takes (1.0, 1.1, 1.2, 2.1, 2.2, 2.3, 2.4, 2.5)',
    },
    {
      name: "a field that is newer than the metadata",
      text: `${HEAD.replace("2.4", "2.3")}License-Expression: MIT\n`,
      problem: "License-Expression needs Metadata-Version 2.4, and 2.3 is declared",
    },
    {
      name: "a local version",
      text: HEAD.replace("1.0\n", "1.0+g0a1b2c3\n"),
      problem: 'Version "1.0+g0a1b2c3" has a local part, which PyPI refuses',
    },
    {
      name: "a name with a blank",
      text: HEAD.replace("demo", "de mo"),
      problem: 'Name "de mo" is no project name',
    },
    {
      name: "a summary of two lines",
      text: `${HEAD}Summary: a\n        b\n`,
      problem: "Summary has more than one line",
    },
    {
      name: "a long summary",
      text: `${HEAD}Summary: ${"a".repeat(513)}\n`,
      problem: "Summary has 513 characters, 512 are allowed",
    },
    {
      name: "two ways to say the licence",
      text: `${HEAD}License: MIT\nLicense-Expression: MIT\n`,
      problem: "License and License-Expression stand side by side, PyPI takes one",
    },
    {
      name: "a licence file outside",
      text: `${HEAD}License-File: ../LICENSE\n`,
      problem: 'License-File "../LICENSE" has ".." in it',
    },
    {
      name: "an unknown content type",
      text: `${HEAD}Description-Content-Type: text/html\n`,
      problem:
        'Description-Content-Type "text/html" is not text/plain, text/x-rst or text/markdown',
    },
    {
      name: "another charset",
      text: `${HEAD}Description-Content-Type: text/plain; charset=latin-1\n`,
      problem:
        'Description-Content-Type "text/plain; charset=latin-1" has another charset than UTF-8',
    },
    {
      name: "another markdown",
      text: `${HEAD}Description-Content-Type: text/markdown; variant=X\n`,
      problem:
        'Description-Content-Type "text/markdown; variant=X" has another variant than GFM or CommonMark',
    },
    {
      name: "a URL without a label",
      text: `${HEAD}Project-URL: https://example.com\n`,
      problem: 'Project-URL "https://example.com" has no label',
    },
    {
      name: "one label twice",
      text: `${HEAD}Project-URL: Home, https://a\nProject-URL: Home, https://b\n`,
      problem: 'Project-URL has the label "Home" twice',
    },
    {
      name: "a requirement at a URL",
      text: `${HEAD}Requires-Dist: other @ https://example.com/other.whl\n`,
      problem:
        'Requires-Dist "other @ https://example.com/other.whl" points at a URL, which PyPI refuses',
    },
    {
      name: "pythons that are no specifiers",
      text: `${HEAD}Requires-Python: >=3.8.*\n`,
      problem: 'Requires-Python ">=3.8.*" is no list of version specifiers',
    },
    {
      name: "a field that cannot be dynamic",
      text: `${HEAD}Dynamic: Version\n`,
      problem: 'Dynamic names "Version", which is never dynamic',
    },
    {
      name: "a dynamic field that is none",
      text: `${HEAD}Dynamic: Mood\n`,
      problem: 'Dynamic names "Mood", which is no field',
    },
    {
      name: "a private project",
      text: `${HEAD}Classifier: Private :: Do Not Upload\n`,
      problem: 'the classifier "Private :: Do Not Upload" forbids publishing it',
    },
  ]
) {
  test(`metadataProblems() finds ${name}`, () => {
    assert.ok(
      metadataProblems(parseMetadata(text)).includes(problem),
      metadataProblems(parseMetadata(text)).join(),
    );
  });
}

test("metadataProblems() finds nothing wrong with what backends write", () => {
  const text = [
    ...["Metadata-Version: 2.4", "Name: Demo.Pkg", "Version: 1.0.0rc1", "Summary: A demo"],
    ...["License-Expression: MIT", "License-File: LICENSE", "License-File: licenses/NOTICE"],
    ...["Project-URL: Home, https://example.com", "Project-URL: Bugs, https://example.com/bugs"],
    ...['Requires-Dist: other>=1; extra == "x@y"', "Requires-Python: >=3.9", "Provides-Extra: x"],
    ...["Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM", "", "# Demo", ""],
  ].join("\n");
  assert.deepEqual(metadataProblems(parseMetadata(text)), []);
  assert.deepEqual(metadataProblems(parseMetadata(text.replace("2.4", "2.5"))), []);
});

const FILE = { filetype: "bdist_wheel", pyversion: "py3", sha256: "ab".repeat(32) } as const;

test("formFields() spells every field as PyPI's form does, and repeats the plural ones", () => {
  const metadata = parseMetadata(
    `${HEAD}Classifier: A\nClassifier: B\nProject-URL: Home, https://a\nRequires-Dist: x\n` +
      "Provides-Extra: y\nPlatform: z\nLicense-File: L\nDescription-Content-Type: text/plain\n" +
      "Author-email: a@b.c\nHome-page: https://h\nDownload-URL: https://d\n\nbody\n",
  );
  assert.deepEqual(formFields(metadata, FILE), [
    [":action", "file_upload"],
    ["protocol_version", "1"],
    ["metadata_version", "2.4"],
    ["name", "demo"],
    ["version", "1.0"],
    ["platform", "z"],
    ["description", "body\n"],
    ["description_content_type", "text/plain"],
    ["home_page", "https://h"],
    ["download_url", "https://d"],
    ["author_email", "a@b.c"],
    ["license_file", "L"],
    ["classifiers", "A"],
    ["classifiers", "B"],
    ["requires_dist", "x"],
    ["project_urls", "Home, https://a"],
    ["provides_extra", "y"],
    ["filetype", "bdist_wheel"],
    ["pyversion", "py3"],
    ["sha256_digest", "ab".repeat(32)],
  ]);
});

test("formFields() sends a folded value as one line, but for texts of several", () => {
  const metadata = parseMetadata(
    `${HEAD}Author: A\n        and B\nClassifier: Topic ::\n  Utilities\nLicense: one\n        two\n\nbody\nmore\n`,
  );
  const form = new Map(formFields(metadata, FILE));
  assert.equal(form.get("author"), "A and B");
  assert.equal(form.get("classifiers"), "Topic :: Utilities");
  assert.equal(form.get("license"), "one\ntwo");
  assert.equal(form.get("description"), "body\nmore\n");
});

test("a folded requirement is refused: pip reads its lines as they are, and installs no such wheel", () => {
  const metadata = parseMetadata(`${HEAD}Requires-Dist: a>=1\n        ; python_version < "3"\n`);
  assert.match(metadataProblems(metadata).join(), /^Requires-Dist "a>=1\n; .*is no requirement/);
});

for (
  const { name, classifier, clause } of [
    {
      name: "a mistyped one",
      classifier: "Programming Language :: Pythn",
      clause:
        /is none of PyPI's list of 20\d\d-\d\d-\d\d; did you mean "Programming Language :: Python"\?$/,
    },
    {
      name: "a deprecated one",
      classifier: "Natural Language :: Ukranian",
      clause: /is deprecated, .*; Natural Language :: Ukrainian stands for it$/,
    },
    {
      name: "one that is deprecated for nothing else",
      classifier: "License :: OSI Approved :: Jabber Open Source License",
      clause: /is deprecated, and PyPI takes it no more$/,
    },
  ]
) {
  test(`metadataProblems() tells of a classifier ${name}`, () => {
    const problems = metadataProblems(parseMetadata(`${HEAD}Classifier: ${classifier}\n`));
    assert.match(problems.join(), clause);
  });
}

test("a version of Python that is newer than the list is a doubt, no problem", () => {
  const metadata = parseMetadata(`${HEAD}Classifier: Programming Language :: Python :: 3.99\n`);
  assert.deepEqual(metadataProblems(metadata), []);
  assert.match(
    metadataDoubts(metadata).join(),
    /3\.99" is not on PyPI's list of .* unless it came since/,
  );
  const old = parseMetadata(`${HEAD}Classifier: Programming Language :: Python :: 2.9\n`);
  assert.equal(metadataProblems(old).length, 1);
});

test("formFields() leaves License-File out of metadata that is older than it", () => {
  const metadata = parseMetadata(`${HEAD.replace("2.4", "2.1")}License-File: LICENSE\n`);
  assert.deepEqual(metadataProblems(metadata), []);
  assert.ok(formFields(metadata, FILE).every(([name]) => name !== "license_file"));
});

test("formFields() sends the singular import_name, which is the one that PyPI stores", () => {
  const metadata = parseMetadata(
    `${HEAD.replace("2.4", "2.5")}Import-Name: demo\nImport-Name: demo.x\n`,
  );
  const names = formFields(metadata, FILE).filter(([name]) => name === "import_name");
  assert.deepEqual(names, [["import_name", "demo"], ["import_name", "demo.x"]]);
});
