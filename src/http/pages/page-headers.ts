/**
 * A page takes style, script and data from this server and from nowhere else, and its forms post to it. `same-origin`
 * lets a form say where it comes from: with `no-referrer` browsers send it with `Origin: null`.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'same-origin',
};
