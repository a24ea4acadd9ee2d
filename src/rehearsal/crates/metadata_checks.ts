/**
 * What crates.io asks of `[package]` in a packaged Cargo.toml, in its order and words (rust-lang/crates.io,
 * `src/controllers/krate/publish.rs`, `src/models/keyword.rs`). Nothing is trimmed: a text is missing when it has no character.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Refusal } from "../server/messages.ts";
import { wrongLicense } from "./license_expression.ts";
import type { Table } from "./upload_body.ts";

/** Required fields, and the limits of all. Throws a {@link Refusal}. */
export function checkMetadata(table: Table): void {
  checkRequired(table);
  if (Buffer.byteLength(String(table.description)) > 1000) {
    throw refusal(
      "The `description` is too long. A maximum of 1000 characters are currently allowed.",
    );
  }
  if (typeof table.license === "string") checkLicense(table.license);
  for (const field of ["homepage", "documentation", "repository"]) checkUrl(field, table[field]);
  checkRustVersion(table["rust-version"]);
  checkKeywords(strings(table.keywords));
  if (strings(table.categories).length > 5) {
    throw refusal("expected at most 5 categories per crate");
  }
}

function refusal(message: string): Refusal {
  return new Refusal(400, message);
}

function checkRequired(table: Table): void {
  const isEmpty = (field: string): boolean =>
    typeof table[field] !== "string" || table[field] === "";
  const missing = [
    ...isEmpty("description") ? ["description"] : [],
    ...isEmpty("license") && isEmpty("license-file") ? ["license"] : [],
  ];
  if (missing.length === 0) return;
  throw refusal(
    `missing or empty metadata fields: ${
      missing.join(", ")
    }. Please see https://doc.rust-lang.org/cargo/reference/manifest.html for more information on configuring these fields`,
  );
}

function checkLicense(license: string): void {
  const why = wrongLicense(license);
  if (why === undefined) return;
  throw refusal(
    `unknown or invalid license expression; see http://opensource.org/licenses for options, and http://spdx.org/licenses/ for their identifiers\nNote: If you have a non-standard license that is not listed by SPDX, use the license-file field to specify the path to a file containing the text of the license.\nSee https://doc.rust-lang.org/cargo/reference/manifest.html#the-license-and-license-file-fields for more information.\n${why}`,
  );
}

/** crates.io parses with the `url` crate, which follows the URL Standard as `URL` does. */
function checkUrl(field: string, url: unknown): void {
  if (typeof url !== "string") return;
  if (!url.startsWith("http://") && !url.startsWith("https://")) {
    throw refusal(
      `URL for field \`${field}\` must begin with http:// or https:// (url: ${url})`,
    );
  }
  if (!URL.canParse(url)) throw refusal(`\`${field}\` is not a valid url: \`${url}\``);
}

/** Digits and dots of a version requirement: one to three numbers, none with a zero in front. */
function checkRustVersion(value: unknown): void {
  if (value === undefined) return;
  if (/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){0,2}$/.test(String(value))) return;
  throw refusal("failed to parse `Cargo.toml` manifest file\n\ninvalid `rust-version` value");
}

function checkKeywords(keywords: readonly string[]): void {
  if (keywords.length > 5) throw refusal("expected at most 5 keywords per crate");
  for (const word of keywords) {
    if (Buffer.byteLength(word) > 20) {
      throw refusal(
        `"${word}" is an invalid keyword (keywords must have less than 20 characters)`,
      );
    }
    const [first = "", ...others] = word;
    const isWord = (character: string): boolean => /^[A-Za-z0-9]$/.test(character);
    if (!isWord(first) || !others.every((one) => isWord(one) || "_-+".includes(one))) {
      throw refusal(`"${word}" is an invalid keyword`);
    }
  }
}

/** A list of strings, or nothing. */
export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
