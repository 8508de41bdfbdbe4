/** Digits that Excel shows of a number in the format General before it turns to powers of ten. */
const MOST_GENERAL = 11;

/**
 * How a format shows a number; null where that cannot be told from the format. Only plain formats are read: General,
 * text, decimals with or without groups of thousands, zeros in front, and a word in quotes before or after.
 */
export function shownNumber(text: string, code: string): string | null {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '') return null;
  if (/^(General|@|)$/i.test(code)) return (whole + fraction).length > MOST_GENERAL ? null : text;
  const [, before = '', grouped, zeros = '', places = '', after = ''] =
    /^(?:"([^"]*)")?(#,##)?(0+|#)(?:\.(0+))?(?:"([^"]*)")?$/.exec(code) ?? [];
  if (zeros === '' || fraction.length > places.length) return null;
  const least = zeros === '#' ? 1 : zeros.length;
  const digits = whole.padStart(least, '0');
  const shown = grouped === undefined ? digits : digits.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${before}${sign}${shown}${places === '' ? '' : `.${fraction.padEnd(places.length, '0')}`}${after}`;
}

/** With the zeros at its end that a format of plain decimals shows; what the format would round away stays. */
export function withShownZeros(text: string, code: string): string {
  const places = /^(?:#,##)?0(?:\.(0{1,30}))?$/.exec(code)?.[1]?.length ?? 0;
  const [, whole, fraction = ''] = /^(-?\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length >= places) return text;
  return `${whole}.${fraction.padEnd(places, '0')}`;
}
