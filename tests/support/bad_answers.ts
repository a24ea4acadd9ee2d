/** Every way in which an answer can be bad, as bytes on a socket; what HTTP makes of each, and what a reader of it does. */

import { Buffer } from "node:buffer";
import { setTimeout } from "node:timers";
import { gzipSync } from "node:zlib";
import zlib from "node:zlib";
import type { AnswerLimits } from "../../src/host/answer.ts";
import type { FailureCode } from "../../src/failure_codes.ts";
import { reply, type Said } from "./raw_server.ts";

/** Limits under which what is slow is so at once. */
const SHORT: Partial<AnswerLimits> = { silence: 150, whole: 400 };

/** What is bad by itself, whoever asked. */
export interface BadAnswer {
  /** Completes "an answer that …". */
  readonly name: string;
  /** Made for each request anew. `url` is the server's own. */
  readonly say: (url: string) => Said;
  readonly code: FailureCode;
  /** What the message says of it. */
  readonly found: RegExp;
  /** Other limits than the usual ones. */
  readonly limits?: Partial<AnswerLimits>;
}

/** An answer of 200 whose body goes on for ever, or until nobody listens. */
async function* endless(head: string, piece: Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${head}\r\n`);
  for (;;) yield await Promise.resolve(piece);
}

/** Two bytes, and then one every now and then. */
async function* slow(wait: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n{ ");
  for (;;) {
    // Nobody may be listening any more: waiting alone keeps no process alive.
    await new Promise((resolve) => setTimeout(resolve, wait).unref());
    yield Buffer.from(" ");
  }
}

/** gzip of 2 GB of blanks in some 2 MB: one piece that refers to nothing before it, over and over. */
function bomb(): Uint8Array {
  const blanks = Buffer.alloc(16 * 2 ** 20, " ");
  const { Z_FULL_FLUSH } = zlib.constants;
  const piece = zlib.deflateRawSync(blanks, { level: 9, finishFlush: Z_FULL_FLUSH });
  const pieces = Array.from({ length: 128 }, () => piece);
  return Buffer.concat([gzipSync("").subarray(0, 10), ...pieces]);
}

let packed: Uint8Array | undefined;

const gzip = { "content-type": "application/json", "content-encoding": "gzip" };

function redirect(location: string, status = "302 Found"): Uint8Array {
  return reply("", { status, location });
}

export const BAD_ANSWERS: readonly BadAnswer[] = [
  {
    name: "goes on without an end",
    say: () => endless("", Buffer.alloc(65_536, " ")),
    code: "PIOT_ANSWER_TOO_LARGE",
    found: /it has more than \d+ bytes$/,
  },
  {
    name: "is 2 MB of gzip, and 2 GB unpacked",
    say: () => reply(packed ??= bomb(), gzip),
    code: "PIOT_ANSWER_TOO_LARGE",
    found: /it has more than \d+ bytes$/,
  },
  {
    name: "stops in the middle",
    say: () => slow(60_000),
    code: "PIOT_ANSWER_TOO_SLOW",
    limits: SHORT,
    found: /nothing more of it came for 0\.15 s$/,
  },
  {
    name: "comes byte by byte",
    say: () => slow(20),
    code: "PIOT_ANSWER_TOO_SLOW",
    limits: SHORT,
    found: /it had not ended after 0\.4 s$/,
  },
  {
    name: "says gzip and is none",
    say: () => reply("0123456789", gzip),
    code: "PIOT_ANSWER_BROKEN",
    found: /it cannot be unpacked \(/,
  },
  {
    name: "is gzip with a wrong checksum",
    say: () => {
      const bytes = gzipSync('{"error":"Not found"}');
      bytes[bytes.length - 6]! ^= 0xff;
      return reply(bytes, gzip);
    },
    code: "PIOT_ANSWER_BROKEN",
    found: /it cannot be unpacked \(/,
  },
  {
    name: "is packed twice, unasked",
    say: () => reply(gzipSync(gzipSync("{}")), { ...gzip, "content-encoding": "gzip, gzip" }),
    code: "PIOT_ANSWER_BROKEN",
    found: /it is packed as "gzip, gzip", unasked$/,
  },
  {
    name: "is packed as nobody packs",
    say: () => reply("{}", { "content-encoding": "rot13" }),
    code: "PIOT_ANSWER_BROKEN",
    found: /it is packed as "rot13", unasked$/,
  },
  ...["999", "600"].map((status): BadAnswer => ({
    name: `has the status ${status}`,
    say: () => reply("", { status: `${status} Whatever` }),
    code: "PIOT_ANSWER_BROKEN",
    found: /its status is \d+$|it is no HTTP \(/,
  })),
  {
    name: "goes over to another protocol",
    say: () => "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    code: "PIOT_ANSWER_BROKEN",
    found: /its status is 101$|it is no HTTP \(/,
  },
  ...["099", "1000", "abc"].map((status): BadAnswer => ({
    name: `has the status ${status}, which is none`,
    say: () => reply("", { status: `${status} Whatever` }),
    code: "PIOT_ANSWER_BROKEN",
    found: /its status is \d+$|it is no HTTP \(/,
  })),
  {
    name: "is of another protocol",
    say: () => "SSH-2.0-OpenSSH_9.9\r\n\r\n",
    code: "PIOT_ANSWER_BROKEN",
    found: /it is no HTTP \(/,
  },
  {
    name: "has a header that is none",
    say: () => reply("{}", { "no name": "x" }),
    code: "PIOT_ANSWER_BROKEN",
    found: /it is no HTTP \(/,
  },
  {
    name: "has two lengths",
    say: () => reply("{}", { "Content-Length": "7" }),
    code: "PIOT_ANSWER_BROKEN",
    found: /it is no HTTP \(/,
  },
  {
    name: "has a head of half a megabyte",
    say: () =>
      reply(
        "{}",
        Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`x-${at}`, "y".repeat(100)])),
      ),
    code: "PIOT_ANSWER_BROKEN",
    found: /it is no HTTP \(/,
  },
  ...[
    ["http://[::", /what is no address: "http:\/\/\[::"$/],
    ["file:///etc/passwd", /another protocol: "file:\/\/\/etc\/passwd"$/],
    ["data:application/json,{}", /another protocol: /],
    ["http://registry.example/", /another protocol: "http:\/\/registry\.example\/"$/],
    ["https://registry.example/a?token=s", /another server: "https:\/\/registry\.example\/a"$/],
  ].map(([location, found]): BadAnswer => ({
    name: `redirects to ${location}`,
    say: () => redirect(String(location)),
    code: "PIOT_ANSWER_REDIRECTED",
    found: found as RegExp,
  })),
  {
    name: "redirects in a circle",
    say: () => redirect("/again", "301 Moved Permanently"),
    code: "PIOT_ANSWER_REDIRECTED",
    found: /it is one redirect after 5 others$/,
  },
];

/** What is fine as HTTP, and no word of the service that was asked. */
export interface ForeignAnswer {
  /** Completes "an answer that is …". */
  readonly name: string;
  readonly say: () => Uint8Array;
}

const html = { "content-type": "text/html" };
const json = { "content-type": "application/json" };
const PAGE = "<!DOCTYPE html><html><head><title>Sign in to the network</title></head></html>";

export const FOREIGN_ANSWERS: readonly ForeignAnswer[] = [
  { name: "a portal's page", say: () => reply(PAGE, html) },
  { name: "a portal's page that is called JSON", say: () => reply(PAGE, json) },
  { name: "nothing at all", say: () => reply("", json) },
  { name: "nothing, with status 204", say: () => reply("", { status: "204 No Content" }) },
  { name: "a redirect to nowhere", say: () => reply("", { status: "302 Found" }) },
  { name: "half a document", say: () => reply('{"name":"demo","versions":{"1.0', json) },
  {
    name: "a document in Latin-1",
    say: () => reply(Buffer.from('{"error":"Not found: \xe9"}', "latin1"), json),
  },
  {
    name: "a 404 in Latin-1",
    say: () =>
      reply(Buffer.from('{"error":"Not found","message":"Not Found \xe9"}', "latin1"), {
        ...json,
        status: "404 Not Found",
      }),
  },
  {
    name: "nested a hundred thousand times",
    say: () => reply("[".repeat(100_000) + "]".repeat(100_000), json),
  },
  {
    name: "a 404 nested a hundred thousand times",
    say: () =>
      reply(`{"error":"Not found","x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, {
        ...json,
        status: "404 Not Found",
      }),
  },
  ...[
    "{}",
    "[]",
    "null",
    "true",
    '"Not found"',
    '{"error":"Not found"}',
    '{"name":"other","versions":{},"files":[]}',
  ].map((body): ForeignAnswer => ({
    name: `the document ${body} with status 200`,
    say: () => reply(body, json),
  })),
  {
    name: "a proxy's 404 page",
    say: () =>
      reply("<html><body><h1>404 Not Found</h1><hr>nginx</body></html>", {
        ...html,
        status: "404 Not Found",
      }),
  },
  {
    name: "a load balancer's 404 in a line",
    say: () =>
      reply("default backend - 404", { "content-type": "text/plain", status: "404 Not Found" }),
  },
  {
    name: "a gateway's 404 in JSON",
    say: () =>
      reply('{"message":"no Route matched with those values"}', {
        ...json,
        status: "404 Not Found",
      }),
  },
  {
    name: "an empty document with status 404",
    say: () => reply("{}", { ...json, status: "404 Not Found" }),
  },
  { name: "a refusal with status 403", say: () => reply("blocked", { status: "403 Forbidden" }) },
  {
    name: "a failure with status 501",
    say: () => reply("<h1>no</h1>", { ...html, status: "501 Not Implemented" }),
  },
];
