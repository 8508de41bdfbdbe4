/** Digits that Excel shows of a number in the format General before it turns to powers of ten. */
const MOST_GENERAL = 11;

/** A format of plain numbers: zeros in front, decimals, groups of thousands, a word in quotes before or after. */
export interface PlainFormat {
  readonly isGeneral: boolean;
  readonly before: string;
  readonly after: string;
  readonly isGrouped: boolean;
  /** Digits before the decimal point that are shown at least, and zeros that the code has there. */
  readonly least: number;
  readonly zeros: number;
  /** Digits after it. */
  readonly places: number;
}

/** Undefined where the code of a format is of another kind, or shows more than the 30 zeros that Excel allows. */
export function plainFormat(code: string): PlainFormat | undefined {
  if (/^(General|@|)$/i.test(code))
    return { isGeneral: true, before: '', after: '', isGrouped: false, least: 1, zeros: 0, places: 0 };
  const [, before = '', groups, digits = '', places = '', after = ''] =
    /^(?:"([^"]*)")?(#,##)?(0{1,30}|#)(?:\.(0{1,30}))?(?:"([^"]*)")?$/.exec(code) ?? [];
  if (digits === '') return undefined;
  const zeros = digits === '#' ? 0 : digits.length;
  const isGrouped = groups !== undefined;
  return { isGeneral: false, before, after, isGrouped, least: zeros || 1, zeros, places: places.length };
}

/** How a format shows a number; null where that cannot be told from the format. */
export function shownNumber(text: string, format: PlainFormat | undefined): string | null {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' || !format) return null;
  if (format.isGeneral) return (whole + fraction).length > MOST_GENERAL ? null : text;
  const { before, after, isGrouped, least, places } = format;
  if (fraction.length > places) return null;
  const digits = whole.padStart(least, '0');
  const shown = isGrouped ? digits.replace(/\B(?=(\d{3})+$)/g, ',') : digits;
  return `${before}${sign}${shown}${places === 0 ? '' : `.${fraction.padEnd(places, '0')}`}${after}`;
}

/** With the zeros at its end that a format of plain decimals shows; what the format would round away stays. */
export function withShownZeros(text: string, format: PlainFormat | undefined): string {
  if (format?.zeros !== 1 || format.before !== '' || format.after !== '') return text;
  const [, whole, fraction = ''] = /^(-?\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length >= format.places) return text;
  return `${whole}.${fraction.padEnd(format.places, '0')}`;
}
