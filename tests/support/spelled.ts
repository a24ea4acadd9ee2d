/** The ways in which servers, programs and logs spell a secret that they show. */

import { Buffer } from "node:buffer";

export type Spell = (secret: string) => string;

const each = (secret: string, spell: (code: number, at: number) => string): string =>
  [...secret].map((character, at) => spell(character.codePointAt(0)!, at)).join("");

const bytes = (secret: string): number[] => [...Buffer.from(secret)];

const hex = (code: number, width: number): string => code.toString(16).padStart(width, "0");

const NAMES: Readonly<Record<string, string>> = {
  ...{ _: "lowbar", "-": "hyphen", "+": "plus", "/": "sol", "=": "equals", ".": "period" },
  ...{ "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos", ":": "colon", "%": "percnt" },
};

/** Ways to spell a secret, each with its name. */
export const SPELLINGS: Readonly<Record<string, Spell>> = {
  "as it is": (secret) => secret,
  "in capitals": (secret) => secret.toUpperCase(),
  "in small letters": (secret) => secret.toLowerCase(),
  "base64": (secret) => Buffer.from(secret).toString("base64"),
  "base64 of user:token": (secret) => Buffer.from(`__token__:${secret}`).toString("base64"),
  "base64, one byte before": (secret) => Buffer.from(`"${secret}"`).toString("base64"),
  "base64, two bytes before": (secret) => Buffer.from(`a:${secret}:b`).toString("base64"),
  "base64url": (secret) => Buffer.from(`>>>${secret}???`).toString("base64url"),
  "base64 of base64": (secret) =>
    Buffer.from(Buffer.from(`x:${secret}`).toString("base64")).toString("base64"),
  "hexadecimal": (secret) => Buffer.from(secret).toString("hex"),
  "hexadecimal in capitals": (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
  "hexadecimal with colons": (secret) => bytes(secret).map((byte) => hex(byte, 2)).join(":"),
  "bytes in a list": (secret) => `[${bytes(secret).join(",")}]`,
  "HTML, decimal": (secret) => each(secret, (code) => `&#${code};`),
  "HTML, hexadecimal": (secret) => each(secret, (code) => `&#x${hex(code, 2)};`),
  "HTML, capitals and zeros": (secret) =>
    each(secret, (code) => `&#X${hex(code, 4).toUpperCase()};`),
  "HTML, named": (secret) =>
    each(secret, (code) => {
      const character = String.fromCodePoint(code);
      return NAMES[character] === undefined ? character : `&${NAMES[character]};`;
    }),
  "\\u": (secret) => secret.split("").map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`).join(""),
  "\\u, here and there": (secret) =>
    each(
      secret,
      (code, at) =>
        at % 3 === 0 && code < 0xffff ? `\\u${hex(code, 4)}` : String.fromCodePoint(code),
    ),
  "\\u{}": (secret) => each(secret, (code) => `\\u{${hex(code, 1)}}`),
  "\\x": (secret) =>
    each(secret, (code) => code < 256 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 1)}}`),
  "JSON": (secret) => JSON.stringify(secret),
  "JSON in JSON": (secret) => JSON.stringify(JSON.stringify({ token: secret })),
  "an address": (secret) => encodeURIComponent(secret),
  "percent": (secret) => bytes(secret).map((byte) => `%${hex(byte, 2)}`).join(""),
  "percent in capitals, in part": (secret) =>
    Buffer.from(secret).toString("latin1").split("").map((byte, at) =>
      at % 2 === 0 || byte.charCodeAt(0) > 127
        ? `%${hex(byte.charCodeAt(0), 2).toUpperCase()}`
        : byte
    ).join(""),
  "percent, twice": (secret) => bytes(secret).map((byte) => `%25${hex(byte, 2)}`).join(""),
  "over lines": (secret) => secret.replace(/[^]{7}/gu, "$&\n"),
  "over lines that are indented": (secret) => secret.replace(/[^]{9}/gu, "$&\r\n      "),
  "in a table": (secret) => secret.replace(/[^]{8}/gu, "$& │\n │ "),
  "base64 over lines": (secret) =>
    Buffer.from(`user:${secret}`).toString("base64").replace(/.{16}/g, "$&\n\t"),
  "percent over lines": (secret) =>
    bytes(secret).map((byte) => `%${hex(byte, 2)}`).join("").replace(/.{10}/g, "$&\n"),
  "in colours": (secret) => secret.replace(/[^]{11}/gu, "$&\x1b[31m"),
  "with zero-width spaces": (secret) => secret.replace(/[^]{5}/gu, "$&\u200b"),
};
