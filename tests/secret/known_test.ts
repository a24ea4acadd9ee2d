import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bareAddresses,
  bareHeaders,
  secretsOfAddress,
  secretsOfAuthorization,
  secretsOfEnvironment,
  secretsOfHeaderLine,
  secretsOfNpmrc,
  secretsOfQuery,
} from "../../src/secret/known.ts";

for (
  const { name, env, secrets } of [
    {
      name: "what piot reads",
      env: {
        CARGO_REGISTRY_TOKEN: "a1",
        PYPI_API_TOKEN: "a2",
        NODE_AUTH_TOKEN: "a3",
        NPM_TOKEN: "a4",
        GITHUB_TOKEN: "a5",
        GH_TOKEN: "a6",
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "a7",
        CRATES_IO_DOCTOR_TOKEN: "a8",
        NPM_ID_TOKEN: "a9",
        SIGSTORE_ID_TOKEN: "b1",
      },
      secrets: ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b1"],
    },
    {
      name: "what other tools read",
      env: {
        TWINE_PASSWORD: "p1",
        UV_PUBLISH_TOKEN: "p2",
        AWS_SECRET_ACCESS_KEY: "p3",
        CARGO_REGISTRIES_MINE_TOKEN: "p4",
        "npm_config_//npm.example.com/:_authToken": "p5",
        npm_config__auth: "p6",
        GPG_PASSPHRASE: "p7",
        my_api_key: "p8",
        DENO_AUTH_TOKENS: "p9",
        CI_JOB_JWT: "q1",
      },
      secrets: ["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "q1"],
    },
    {
      name: "the password of an address, as it is and decoded",
      env: { HTTPS_PROXY: "http://me:p%40ss@proxy.example.com:8080" },
      secrets: ["p%40ss", "p@ss"],
    },
    {
      name: "the header that git is configured with",
      env: { GIT_CONFIG_VALUE_0: "AUTHORIZATION: basic eDpzZWNyZXQ=" },
      secrets: ["eDpzZWNyZXQ=", "secret"],
    },
    {
      name: "no switch, no number, no path, no address, no placeholder",
      env: {
        USE_TOKEN: "true",
        MAX_TOKENS: "4096",
        GOOGLE_APPLICATION_CREDENTIALS: "/home/me/key.json",
        AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/token",
        ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example.com/?api=2",
        SSH_AUTH_SOCK: "/tmp/agent",
        MY_SECRET: "https://vault.example.com",
        OTHER_TOKEN: "XXXXX-XXXXX-XXXXX-XXXXX",
        GIT_CONFIG_KEY_0: "http.extraheader",
        PATH: "/bin",
        EMPTY_TOKEN: "",
      },
      secrets: [],
    },
  ]
) {
  test(`secretsOfEnvironment() finds ${name}`, () => {
    assert.deepEqual([...new Set(secretsOfEnvironment(env))], secrets);
  });
}

for (
  const { name, text, secrets } of [
    { name: "a password", text: "https://user:pass@host/x", secrets: ["pass", "pass"] },
    {
      name: "a token in the user's place",
      text: "https://ghs_0123456789abcdefghij@github.com/o/r",
      secrets: ["ghs_0123456789abcdefghij", "ghs_0123456789abcdefghij"],
    },
    {
      name: "a token with the word that GitHub takes for a password",
      text: "https://ghs_0123456789abcdefghij:x-oauth-basic@github.com/o/r",
      secrets: ["ghs_0123456789abcdefghij", "ghs_0123456789abcdefghij"],
    },
    { name: "none in a user", text: "ssh://git@github.com/o/r", secrets: [] },
    { name: "none in an address like most", text: "https://github.com/o/r", secrets: [] },
  ]
) {
  test(`secretsOfAddress() finds ${name}`, () => {
    assert.deepEqual(secretsOfAddress(text), secrets);
  });
}

test("what a header bears is a secret, and of Basic the password too", () => {
  assert.deepEqual(secretsOfAuthorization("Bearer abc"), ["abc"]);
  assert.deepEqual(secretsOfAuthorization("abc"), ["abc"]);
  assert.deepEqual(secretsOfAuthorization(`Basic ${btoa("u:p:q")}`), [btoa("u:p:q"), "p:q"]);
  assert.deepEqual(secretsOfAuthorization("Basic %%%"), ["%%%"]);
  assert.deepEqual(secretsOfHeaderLine("X-Other: abc"), []);
});

test("secretsOfNpmrc() finds tokens and passwords, and no variable", () => {
  const lines = [
    "//registry.example.com/:_authToken=npm_abc",
    `//registry.example.com/:_password = "${btoa("pass word")}"`,
    `_auth=${btoa("user:pass")}`,
    "//registry.example.com/:_authToken=${NODE_AUTH_TOKEN}",
    "registry=https://registry.example.com/",
    "; _authToken=a comment",
    "always-auth=true",
  ];
  assert.deepEqual(secretsOfNpmrc(lines.join("\n")), [
    "npm_abc",
    btoa("pass word"),
    "pass word",
    btoa("user:pass"),
    "pass",
  ]);
});

test("secretsOfQuery() finds what an address asks with", () => {
  assert.deepEqual(secretsOfQuery("https://h/?a=1&access_token=x%2Fy&b=2"), ["x%2Fy", "x/y"]);
  assert.deepEqual(secretsOfQuery("https://h/?audience=npm"), []);
});

test("an address loses its password, whoever wrote it there", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["a password", "at 'https://u:p%40@h/x' it", "at 'https://u:***@h/x' it"],
    ["a user alone", "ssh://git@h/x", "ssh://git@h/x"],
    ["a port", "http://h:80/a@b", "http://h:80/a@b"],
    ["two", "a://b:c@d e://f:g@h", "a://b:***@d e://f:***@h"],
  ];
  for (const [name, text, bare] of cases) assert.equal(bareAddresses(text), bare, name);
});

test("a header loses what it bears, however it is written", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["a line", "> Authorization: Bearer abc.def-1", "> Authorization: Bearer ***"],
    ["capitals", "AUTHORIZATION: basic eDp5eHg=", "AUTHORIZATION: basic ***"],
    ["JSON", '{"authorization":"token abcdef"}', '{"authorization":"token ***"}'],
    ["a sentence", "the authorization: token is missing", "the authorization: token is missing"],
    ["none", "authorised", "authorised"],
  ];
  for (const [name, text, bare] of cases) assert.equal(bareHeaders(text), bare, name);
});
