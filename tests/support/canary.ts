/**
 * Looks for a secret in what was written, by reading the text in every way that one can think of. Written without a look at
 * how the product hides secrets: what this finds, a reader of the log could find.
 */

import { Buffer } from "node:buffer";

/** A part of a secret that is as good as a leak. */
const TELLING = 10;

/** The readings of a text that show a secret, or ten characters of one in a row; empty when there are none. */
export function findCanary(text: string, ...canaries: readonly string[]): readonly string[] {
  const parts = partsOf(canaries);
  const found: string[] = [];
  for (const [how, reading] of readingsOf(text)) {
    const at = placeOf(reading.toLowerCase(), parts);
    if (at !== undefined) found.push(`${how}: …${around(reading, at)}…`);
  }
  return found;
}

/** What a reading must not hold. */
interface Parts {
  /** The secrets that it is made of. */
  readonly known: Set<string>;
  /** Secrets that are too short to have a part. */
  readonly whole: Set<string>;
  /** Every ten characters in a row of the others. */
  readonly telling: Set<string>;
  /** Every five: ten in a row, wherever they begin, hold five that begin at a multiple of five. */
  readonly halves: Set<string>;
}

const HALF = TELLING / 2;

/** The parts of the last look: a test looks often, and each time for what it looked for before and little more. */
let latest: Parts | undefined;

function partsOf(canaries: readonly string[]): Parts {
  const asked = new Set(canaries);
  if (latest === undefined || [...latest.known].some((one) => !asked.has(one))) {
    latest = { known: new Set(), whole: new Set(), telling: new Set(), halves: new Set() };
  }
  for (const canary of asked) if (!latest.known.has(canary)) addTo(latest, canary);
  return latest;
}

function addTo({ known, whole, telling, halves }: Parts, canary: string): void {
  known.add(canary);
  const plain = canary.replace(/\s+/g, "").toLowerCase();
  if (plain === "") return;
  if (plain.length <= TELLING) whole.add(plain);
  for (const one of windowsOf(plain, TELLING)) telling.add(one);
  for (const one of windowsOf(plain, HALF)) halves.add(one);
}

function windowsOf(text: string, length: number): readonly string[] {
  return Array.from(
    { length: Math.max(0, text.length - length + 1) },
    (_, at) => text.slice(at, at + length),
  );
}

/** Where a text holds one of the parts; undefined when it holds none. */
function placeOf(text: string, { whole, telling, halves }: Parts): number | undefined {
  for (const one of whole) {
    const at = text.indexOf(one);
    if (at >= 0) return at;
  }
  for (let half = 0; half + HALF <= text.length; half += HALF) {
    if (!halves.has(text.slice(half, half + HALF))) continue;
    for (let at = Math.max(0, half - HALF); at <= half; at++) {
      if (telling.has(text.slice(at, at + TELLING))) return at;
    }
  }
  return undefined;
}

function around(text: string, at: number): string {
  return JSON.stringify(text.slice(Math.max(0, at - 30), at + 40));
}

/** Decoders, each of which gives what it can read of a text. */
const DECODERS: Readonly<Record<string, (text: string) => readonly string[]>> = {
  "without layout": (text) => [withoutLayout(text)],
  "HTML": (text) => [fromHtml(text)],
  "escapes": (text) => [fromEscapes(text)],
  "percent": (text) => [fromPercent(text)],
  "base64": fromBase64,
  "hexadecimal": fromHex,
  "numbers": fromNumbers,
};

const DEEPEST = 3;
const MOST = 1_500;

/** The text, and everything that decoders make of it, and of that, three times over. */
function readingsOf(text: string): ReadonlyMap<string, string> {
  const seen = new Set([text]);
  const readings = new Map([["as it is", text]]);
  let fresh: [string, string][] = [...readings];
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next: [string, string][] = [];
    for (const [how, reading] of fresh) {
      for (const [name, decode] of Object.entries(DECODERS)) {
        for (const [at, decoded] of decode(reading).entries()) {
          if (decoded === "" || seen.has(decoded) || seen.size > MOST) continue;
          seen.add(decoded);
          next.push([`${how}, ${name}${at === 0 ? "" : ` #${at}`}`, decoded]);
        }
      }
    }
    for (const [how, reading] of next) readings.set(how, reading);
    fresh = next;
  }
  return readings;
}

function withoutLayout(text: string): string {
  // deno-lint-ignore no-control-regex
  const plain = text.replace(/\x1b\[[0-9;]*m/g, "").replace(/;\s+|^remote: /gm, "");
  return plain.replace(/[\s\p{Cc}\p{Cf}\p{Z}|\u2500-\u259f]+/gu, "");
}

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", lowbar: "_", UnderBar: "_" },
  ...{ hyphen: "-", dash: "-", period: ".", plus: "+", sol: "/", equals: "=", nbsp: " " },
  ...{ colon: ":", comma: ",", excl: "!", num: "#", percnt: "%", commat: "@", ast: "*" },
};

function fromHtml(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));?/gi, (all, hex, decimal, name) => {
    const code = hex !== undefined ? parseInt(hex, 16) : parseInt(decimal, 10);
    if (name !== undefined) return NAMED[name as string] ?? all;
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

function fromEscapes(text: string): string {
  return text
    .replace(/\\u\{([\da-f]{1,6})\}|\\u([\da-f]{4})|\\x([\da-f]{2})/gi, (all, a, b, c) => {
      const code = parseInt(a ?? b ?? c, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    })
    .replace(/\\([bfnrt])/g, " ")
    .replace(/\\([^a-z0-9])/gi, "$1");
}

function fromPercent(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split("%"), (pair) => parseInt(pair, 16));
    return new TextDecoder().decode(bytes);
  });
}

/** What begins anywhere in a run of base64: all four places. */
function fromBase64(text: string): readonly string[] {
  const readings = ["", "", "", ""];
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{8,}/g)) {
    const standard = run.replaceAll("-", "+").replaceAll("_", "/");
    for (const at of [0, 1, 2, 3]) {
      const rest = standard.slice(at);
      readings[at] += `${text8(atob(rest.length % 4 === 1 ? rest.slice(0, -1) : rest))} `;
    }
  }
  return readings;
}

function fromHex(text: string): readonly string[] {
  const readings = ["", ""];
  for (const [run] of text.replace(/0x|[:,\s]/g, "").matchAll(/[\da-f]{16,}/gi)) {
    for (const at of [0, 1]) {
      const pairs = run.slice(at).match(/../g) ?? [];
      readings[at] += `${text8(String.fromCharCode(...pairs.map((pair) => parseInt(pair, 16))))} `;
    }
  }
  return readings;
}

function fromNumbers(text: string): readonly string[] {
  return [...text.matchAll(/(?:\d{1,3},\s*){7,}\d{1,3}/g)].map(([run]) =>
    text8(String.fromCharCode(...run.split(",").map(Number)))
  );
}

/** Bytes, held one to a character, as UTF-8. */
function text8(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
