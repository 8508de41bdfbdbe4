import type { FieldError, Refusal } from '../../study/refusal.js';

/** Everything that a refusal says, field by field. */
export function errorsOf(refusal: Refusal | undefined): readonly FieldError[] {
  if (!refusal) return [];
  const { code, message, field = '', errors } = refusal;
  return errors ?? [{ code, detail: message, field }];
}
