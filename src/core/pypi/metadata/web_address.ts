/**
 * Which URLs PyPI takes in `Home-page`, `Download-URL` and `Project-URL` (pypi/warehouse `utils/http.py`, `is_valid_uri` without
 * `require_authority`). Its library `rfc3986` spells path and query anew before it looks, and takes an authority that it cannot
 * read for none, so what is left to be wrong is the scheme, the port, and brackets.
 *
 * @module
 */

/** RFC 3986, appendix B. */
const PIECES =
  /^(?:(?<scheme>[a-z][a-z0-9+.-]*):)?(?:\/\/(?<authority>[^\\/?#]*))?(?<path>[^?#]*)(?:\?(?<query>[^#]*))?(?:#[^]*)?$/i;

const PORT = /^(?:[\w.~!$&'()*+,;=:@%-]*|.*\[[\da-f:.]+\]):(\d{1,5})$/i;

/** Whether PyPI takes a text for the URL of a page. */
export function isWebAddress(text: string): boolean {
  const { scheme = "", authority = "", path = "", query = "" } = PIECES.exec(text)?.groups ?? {};
  const [, port = "0"] = PORT.exec(authority) ?? [];
  return /^https?$/i.test(scheme) && !/[[\]]/.test(path + query) && Number(port) <= 65_535;
}
