/** `ThresholdRecorded` → `threshold recorded`; abbreviations stay. */
export function typeInWords(type: string): string {
  return type
    .replace(/^Sub(?=[A-Z])/, 'Sub-')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/\b[A-Z][a-z]/g, (letters) => letters.toLowerCase());
}
