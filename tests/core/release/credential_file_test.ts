import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { isLookedInto, isNamed, judgeFile } from "../../../src/core/release/credential_file.ts";
import fc from "../../support/property.ts";

const CREDENTIALS = [
  ".env",
  ".env.local",
  ".env.production",
  ".env.example.local",
  ".env-prod",
  ".env_backup",
  ".env~",
  ".envrc",
  ".npmrc",
  ".pypirc",
  ".netrc",
  "_netrc",
  ".git-credentials",
  ".git/config",
  ".git",
  "id_rsa",
  "id_rsa.bak",
  "id_rsa_deploy",
  "id_ed25519",
  "id_ed25519_sk",
  "id_ecdsa",
  "id_dsa",
  ".ssh/config",
  ".gnupg/secring.gpg",
  "server.pem",
  "server.key",
  "certificate.p12",
  "certificate.pfx",
  "AuthKey_X.p8",
  "putty.ppk",
  "release.jks",
  "debug.keystore",
  "passwords.kdbx",
  "credentials.toml",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".aws/credentials",
  ".docker/config.json",
  ".dockercfg",
  ".kube/config",
  ".config/gh/hosts.yml",
  ".config/gcloud/application_default_credentials.json",
  ".pgpass",
  ".my.cnf",
  ".htpasswd",
  ".vault-token",
];

const HARMLESS = [
  "env",
  "env.js",
  "src/environment.ts",
  "dotenv",
  ".env.example",
  ".env.sample",
  ".env.template",
  ".env.production.example",
  ".env-sample",
  "npmrc",
  "x.npmrc",
  ".npmrc.md",
  "id_rsa.pub",
  ".ssh/id_ed25519.pub",
  "id_token.ts",
  "id_map",
  "grid_rsa",
  "pem",
  "pem.js",
  "key.ts",
  "monkey",
  "keys.json",
  ".gitignore",
  ".gitattributes",
  ".github/workflows/x.yml",
  "git/config",
  "aws/credentials",
  "credentials",
  "credentials.ts",
  "docker/config.json",
  "config.json",
  "package.json",
];

for (const path of CREDENTIALS) {
  test(`"${path}" looks like a credential, at any depth and in any case`, () => {
    for (const folder of ["", "config/", "a/b.c/", ".hidden/"]) {
      for (const spelling of [path, path.toUpperCase()]) {
        equal(judgeFile(folder + spelling)?.path, folder + spelling);
      }
    }
  });
}

for (const path of HARMLESS) {
  test(`"${path}" does not look like a credential`, () => {
    for (const folder of ["", "deep/er/"]) equal(judgeFile(folder + path), undefined);
  });
}

for (
  const { name, path } of [
    { name: "full width letters", path: "．ｅｎｖ" },
    { name: "a character that nobody sees", path: ".e\u200Cnv" },
    { name: "a byte order mark", path: "\uFEFF.npmrc" },
    { name: "a variation selector", path: ".git\uFE0F/config" },
    { name: "the separator of Windows", path: "config\\.env" },
    { name: "dots and blanks at the end, which Windows drops", path: ".env. ." },
    { name: "dots at the end of a folder", path: ".git./config" },
    { name: "a folder that says nothing", path: "./x/.//.env" },
    { name: "the Kelvin sign for a K", path: "server.\u212Aey" },
    { name: "a long s", path: ".\u017F\u017Fh/config" },
  ]
) {
  test(`a credential is seen through ${name}`, () => {
    equal(judgeFile(path)?.path, path);
  });
}

test("whatever is put before a credential's name as a folder, it stays one", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, unit: "grapheme" }), { maxLength: 4 }),
      fc.constantFrom(...CREDENTIALS),
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      (folders, name, upper) => {
        const mixed = [...name].map((letter, at) => upper[at] ? letter.toUpperCase() : letter);
        const path = [...folders, mixed.join("")].join("/");
        equal(judgeFile(path)?.path, path);
      },
    ),
  );
});

const block = (label: string): string => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`;

for (
  const { name, text } of [
    { name: "a certificate", text: block("CERTIFICATE") },
    {
      name: "many with words between",
      text: `# A\n${block("CERTIFICATE")}# B\n${block("CERTIFICATE")}`,
    },
    { name: "a public key", text: block("PUBLIC KEY") + block("RSA PUBLIC KEY") },
    { name: "a request and a list", text: block("CERTIFICATE REQUEST") + block("X509 CRL") },
    { name: "parameters", text: block("DH PARAMETERS") },
  ]
) {
  test(`a .pem with ${name} is for everybody`, () => {
    for (const path of ["certifi/cacert.pem", "server.key"]) {
      equal(judgeFile(path, text), undefined);
    }
  });
}

for (
  const { name, text } of [
    { name: "a private key", text: block("PRIVATE KEY") },
    { name: "a key behind its certificate", text: block("CERTIFICATE") + block("RSA PRIVATE KEY") },
    { name: "an encrypted key", text: block("ENCRYPTED PRIVATE KEY") },
    { name: "a key of OpenSSH", text: block("OPENSSH PRIVATE KEY") },
    { name: "a key without its frame", text: block("CERTIFICATE") + "private key: abc" },
    { name: "nothing that is known", text: "hunter2" },
    { name: "nothing", text: "" },
  ]
) {
  test(`a .pem with ${name} is a credential`, () => {
    deepEqual(judgeFile("a/server.pem", text), { path: "a/server.pem", what: "a private key" });
  });
}

test("a name that says all is not looked into", () => {
  equal(isLookedInto({ path: "x/.env", size: 1 }), false);
  equal(judgeFile(".env", block("CERTIFICATE"))?.what, "an environment file");
  equal(isLookedInto({ path: "a.ts", size: 1 }), false);
  equal(isLookedInto({ path: "A.PEM", size: 1 }), true);
  equal(isLookedInto({ path: "a.json", size: 1 }), true);
  equal(isLookedInto({ path: "a.pem", size: 2 ** 30 }), false, "and is a credential then");
});

test("the key of a service account is told by its content, whatever its name", () => {
  const account = { type: "service_account", private_key: block("PRIVATE KEY") };
  equal(judgeFile("google.json", JSON.stringify(account))?.what, "the key of a service account");
  for (
    const other of [
      "",
      "null",
      "{",
      "[]",
      '"service_account private_key"',
      '{"type":"service_account"}',
    ]
  ) equal(judgeFile("google.json", other), undefined);
});

test("a file is named when its path is written out, and not by a pattern or a folder", () => {
  for (const name of ["certs/test.pem", "./certs/test.pem", "/certs/test.pem"]) {
    equal(isNamed("certs/test.pem", ["other", name]), true);
  }
  for (
    const name of ["certs", "certs/", "certs/*", "certs/*.pem", "**", "test.pem", "CERTS/test.pem"]
  ) {
    equal(isNamed("certs/test.pem", [name]), false);
  }
});
