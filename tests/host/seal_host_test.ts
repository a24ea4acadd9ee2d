import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../src/error.ts";
import { createHost } from "../../src/host/create_host.ts";
import type { HttpRequest } from "../../src/host/host.ts";
import { sealHost } from "../../src/host/seal_host.ts";
import { testHost } from "../support/test_host.ts";

const TOKEN = "npm_a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ";

test("a sealed host writes no secret of its environment, neither here nor there", () => {
  const host = testHost({
    env: { NODE_AUTH_TOKEN: ` ${TOKEN}\n`, HTTPS_PROXY: "http://u:p4ssw0rd@h" },
  });
  const sealed = sealHost(host);
  sealed.stdout(`{"a":"${TOKEN}"}\n`);
  sealed.stderr(`a ${btoa(`x:${TOKEN}`)} and p4ssw0rd\n`);
  assert.deepEqual(host.written, { stdout: '{"a":"***"}\n', stderr: "a eD*** and ***\n" });
});

test("what is sealed stays as it is, and what replaces a part of it is sealed as well", () => {
  const host = testHost({ env: { NPM_TOKEN: TOKEN } });
  const first = sealHost(host);
  const second = sealHost(first);
  assert.equal(second.stdout, first.stdout);
  assert.equal(second.http, first.http);
  assert.equal(second.vault, first.vault);
  let out = "";
  const third = sealHost({ ...first, stdout: (text) => void (out += text) });
  assert.equal(third.vault, first.vault);
  third.stdout(`${TOKEN}\n`);
  assert.equal(out, "***\n");
});

test("a host that is made of this process is sealed, with the caller's vault or its own", () => {
  let out = "";
  const host = createHost({ env: { NPM_TOKEN: TOKEN }, stderr: (text) => void (out += text) });
  host.stderr(`${TOKEN}\n`);
  assert.equal(out, "***\n");
  const other = createHost({ env: {}, vault: host.vault!, stderr: (text) => void (out += text) });
  other.stderr(`again ${TOKEN}\n`);
  assert.equal(out, "***\nagain ***\n");
});

for (
  const { name, url = "https://h.example/", request, secret } of [
    {
      name: "a bearer's token",
      request: { headers: { authorization: `Bearer ${TOKEN}` } },
      secret: TOKEN,
    },
    {
      name: "a password",
      request: { headers: new Headers({ Authorization: `Basic ${btoa(`u:${TOKEN}`)}` }) },
      secret: TOKEN,
    },
    { name: "a cookie", request: { headers: [["Cookie", `s=${TOKEN}`]] }, secret: `s=${TOKEN}` },
    {
      name: "a one-time password",
      request: { headers: { "npm-otp": "123456" } },
      secret: "123456",
    },
    { name: "a query", url: `https://h.example/?token=${TOKEN}`, request: {}, secret: TOKEN },
    { name: "an address", url: `https://u:${TOKEN}@h.example/`, request: {}, secret: TOKEN },
  ] satisfies readonly { name: string; url?: string; request: HttpRequest; secret: string }[]
) {
  test(`what is sent is a secret from then on: ${name}`, async () => {
    const host = testHost();
    let known = "";
    const sealed = sealHost({
      ...host,
      http: () => {
        known = sealed.vault.redact(secret);
        return Promise.resolve(new Response());
      },
    });
    assert.equal(sealed.vault.redact(secret), secret);
    await sealed.http(url, request);
    assert.equal(known, "***");
  });
}

test("a credential that no header carries is refused before it is sent, and not quoted", async () => {
  let sent = 0;
  const sealed = sealHost({
    ...testHost(),
    http: () => Promise.resolve(new Response(String(sent++))),
  });
  const headers = { authorization: `Bearer ${TOKEN}\nX: y` };
  await assert.rejects(sealed.http("https://h.example/", { headers }), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, "PIOT_AUTH_REFUSED");
    assert.ok(!`${error.stack}${error.hint}`.includes(TOKEN));
    return true;
  });
  assert.equal(sent, 0);
});

test("in GitHub Actions the runner masks every secret before anything is written or sent", async () => {
  const env = {
    GITHUB_ACTIONS: "true",
    NPM_TOKEN: `${TOKEN}%`,
    MY_KEY_SECRET: "line one\nline two\n",
  };
  const host = testHost({ env });
  const events: string[] = [];
  const sealed = sealHost({
    ...host,
    stdout: (text) => void events.push(`out ${text}`),
    stderr: (text) => void events.push(`err ${text}`),
    http: () => {
      events.push("sent");
      return Promise.resolve(new Response());
    },
  });
  sealed.stdout("first\n");
  sealed.stderr("no end!");
  sealed.vault.add("minted-later");
  await sealed.http("https://h.example/", { headers: { authorization: "Bearer minted-later" } });
  sealed.vault.add("and-never-used");
  sealed.flush();
  assert.deepEqual(events, [
    `err ::add-mask::${TOKEN}%25\n`,
    "err ::add-mask::line one\n",
    "err ::add-mask::line two\n",
    "out first\n",
    "err no end!",
    "err \n::add-mask::minted-later\n",
    "sent",
    "err ::add-mask::and-never-used\n",
  ]);
});

test("outside GitHub Actions nothing is masked", () => {
  const host = testHost({ env: { NPM_TOKEN: TOKEN } });
  sealHost(host).stderr("a\n");
  assert.equal(host.written.stderr, "a\n");
});
