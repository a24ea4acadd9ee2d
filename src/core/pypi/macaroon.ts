/**
 * Reads a PyPI API token offline: a macaroon, whose restrictions are legible without its key. Only a hint: PyPI knows
 * more of a token than the token says (pypi/warehouse `macaroons/services.py`).
 *
 * @module
 */

/** What a token says of itself. */
export interface PypiToken {
  /** The index that made it: `pypi.org` or `test.pypi.org`. */
  readonly location: string;
  /** Normalised names that it is limited to; undefined when it names none, which does not mean that it has no limit. */
  readonly projects: readonly string[] | undefined;
  /** Unix seconds after which it is refused; undefined when it does not say. */
  readonly expires: number | undefined;
}

/** Types of a packet in libmacaroons' second binary format. */
const END = 0;
const LOCATION = 1;
const IDENTIFIER = 2;

/** Reads a token `pypi-…`; undefined when it is no macaroon of the second format. */
export function readPypiToken(token: string): PypiToken | undefined {
  const bytes = decodeBase64Url(token.replace(/^pypi-/, ""));
  if (!token.startsWith("pypi-") || bytes?.[0] !== 2) return undefined;
  const packets = readPackets(bytes.subarray(1));
  const location = packets?.find(({ type }) => type === LOCATION);
  if (packets === undefined || location === undefined) return undefined;
  const caveats = packets
    .slice(packets.findIndex(({ type }) => type === END))
    .filter(({ type }) => type === IDENTIFIER)
    .map(({ text }) => readCaveat(text));
  return {
    location: location.text,
    projects: narrowest(caveats.map(({ projects }) => projects)),
    expires: soonest(caveats.map(({ expires }) => expires)),
  };
}

interface Packet {
  readonly type: number;
  readonly text: string;
}

function readPackets(bytes: Uint8Array): Packet[] | undefined {
  const packets: Packet[] = [];
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const type = number();
    if (type === END) {
      packets.push({ type, text: "" });
      continue;
    }
    const length = number();
    if (at + length > bytes.length) return undefined;
    packets.push({ type, text: new TextDecoder().decode(bytes.subarray(at, at + length)) });
    at += length;
  }
  return packets;
}

interface Caveat {
  readonly projects?: readonly string[];
  readonly expires?: number;
}

/** A caveat is a JSON array with its kind in front; tokens of before 2022 hold objects. */
function readCaveat(text: string): Caveat {
  const caveat = parseJson(text);
  if (Array.isArray(caveat)) return readTagged(caveat);
  if (typeof caveat !== "object" || caveat === null) return {};
  const { exp, permissions } = caveat as { exp?: unknown; permissions?: { projects?: unknown } };
  return {
    ...(typeof exp === "number" ? { expires: exp } : {}),
    ...(isNames(permissions?.projects) ? { projects: permissions.projects } : {}),
  };
}

function readTagged([tag, value]: readonly unknown[]): Caveat {
  if (tag === 0 && typeof value === "number") return { expires: value };
  if (tag === 1 && isNames(value)) return { projects: value };
  return {};
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

/** Every caveat must hold, so a project has to be in each list. */
function narrowest(
  lists: readonly (readonly string[] | undefined)[],
): readonly string[] | undefined {
  const [first, ...rest] = lists.filter((list) => list !== undefined);
  return first?.filter((name) => rest.every((list) => list.includes(name)));
}

function soonest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decodeBase64Url(text: string): Uint8Array | undefined {
  try {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
