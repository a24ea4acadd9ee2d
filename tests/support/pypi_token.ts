/** PyPI's API tokens: macaroons in libmacaroons' second binary format, with a signature that nobody here can check. */

import { Buffer } from "node:buffer";

export function pypiToken(
  options: { readonly location?: string; readonly caveats: readonly unknown[] },
): string {
  const { location = "pypi.org", caveats } = options;
  const bytes = Buffer.concat([
    Buffer.from([2]),
    packet(1, location),
    packet(2, "8f2a0b6e-5a55-4d47-9d7c-2f6a6f0d9c11"),
    Buffer.from([0]),
    ...caveats.flatMap((caveat) => [packet(2, JSON.stringify(caveat)), Buffer.from([0])]),
    Buffer.from([0]),
    Buffer.from([6, 32]),
    Buffer.alloc(32, 7),
  ]);
  return `pypi-${bytes.toString("base64url")}`;
}

function packet(type: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([type]), number(bytes.length), bytes]);
}

function number(value: number): Buffer {
  return value < 0x80 ? Buffer.from([value]) : Buffer.from([(value & 0x7f) | 0x80, value >> 7]);
}
