import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { proxyNotice } from "../../src/host/proxies.ts";
import { rawServer, reply } from "../support/raw_server.ts";
import { testHost } from "../support/test_host.ts";

const NOTICES: readonly {
  readonly env: Record<string, string>;
  readonly name: string | undefined;
}[] = [
  { env: {}, name: undefined },
  { env: { HTTPS_PROXY: " ", NO_PROXY: "*" }, name: undefined },
  { env: { HTTPS_PROXY: "http://ada:secret@proxy.example:3128" }, name: "HTTPS_PROXY" },
  { env: { http_proxy: "http://proxy.example" }, name: "http_proxy" },
  { env: { ALL_PROXY: "socks5://proxy.example" }, name: "ALL_PROXY" },
];
for (const { env, name } of NOTICES) {
  test(`proxyNotice() with ${JSON.stringify(Object.keys(env))} tells of ${name ?? "nothing"}`, () => {
    const notice = proxyNotice(env);
    assert.equal(notice?.split(" ")[0], name);
    assert.equal(notice?.includes("secret") ?? false, false);
  });
}

test("a streamed upload goes to its server, whatever proxy the environment of a run names", async () => {
  await using canary = await rawServer(() => reply("", { status: "502 Bad Gateway" }));
  const server = createServer((request, response) =>
    request.resume().on("end", () => response.end("ok"))
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const body = {
    size: 1,
    chunks: async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array(1));
    },
  };
  const env = { HTTP_PROXY: canary.url, http_proxy: canary.url };
  const answer = await testHost({ env }).http(url, { method: "PUT", body });
  assert.equal(await answer.text(), "ok");
  assert.deepEqual(canary.requests, []);
  server.close();
});
