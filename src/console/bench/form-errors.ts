import type { CommandDefinition } from '../../study/commands/common/command.js';
import { errorsOf, type FieldError } from '../../study/refusal.js';
import { isPlainObject } from '../../study/schema.js';
import type { BenchAsked } from '../page.js';
import { flagsInWords } from '../words/flags.js';
import { foreseenFlags } from './animal-at-bench.js';

/** What is wrong with the form that was sent. Where only a reason is missing, it says in words what the reason is due for. */
export function formErrors(
  asked: BenchAsked,
  definition: CommandDefinition,
  body: Readonly<Record<string, unknown>>,
): readonly FieldError[] {
  const refusal = asked.posted?.refusal;
  const errors = errorsOf(refusal);
  if (refusal?.code !== 'reason-required' || errors.length > 1) return errors;
  const data = isPlainObject(body['data']) ? body['data'] : {};
  const told = flagsInWords(foreseenFlags(asked, definition, body), data);
  if (told.length === 0) return errors;
  return [{ field: 'reason', code: refusal.code, detail: [...told, 'Say why.'].join(' ') }];
}
