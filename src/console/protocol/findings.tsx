import type { JSX } from 'preact';
import type { Problem } from '../../study/rules/protocol-problems.js';
import type { CheckedProtocol } from '../../study/rules/check-protocol.js';
import { Refusal, type FieldError } from '../../study/refusal.js';
import { idOf } from '../forms/form-context.js';
import { inWords } from '../forms/labels.js';
import { PREFIX } from './draft.js';
import { partOf } from './parts.js';

/** `hypersensitivity.limit` → “Hypersensitivity rule: limit”; `welfare.items[0].max` → “Welfare: …: items 1, max”. */
export function placeInWords(path: string): string {
  const part = partOf(path);
  const within = part?.members.length === 1 ? path.replace(/^[^.[]*\.?/, '') : path;
  const words = within
    .replaceAll(/\[(\d+)\]/g, (_, index: string) => ` ${Number(index) + 1}`)
    .split('.')
    .filter((word) => word.trim() !== '')
    .map((word) => inWords(word.trim()).toLowerCase());
  return [part?.title ?? 'The protocol', ...(words.length > 0 ? [words.join(', ')] : [])].join(': ');
}

/** What does not fit, each as a sentence at its field. */
export function wrongFields({ wrong }: CheckedProtocol): FieldError[] {
  return wrong.map((problem) => {
    const { path, message } = problem;
    // What does not fit its form is the end of a sentence, a contradiction is one by itself.
    const joint = /^(is|must|has|lacks|names)\b/.test(message) ? ' ' : ': ';
    return atField(problem, `${placeInWords(path)}${joint}${message}`);
  });
}

/** What is still to be given, each at its field. */
export function missingFields({ missing }: CheckedProtocol): FieldError[] {
  return missing.map((problem) => atField(problem, `${placeInWords(problem.path)}: still to be given`));
}

function atField({ path }: Problem, said: string): FieldError {
  const field = path === '' ? '' : `${PREFIX}${path}`;
  return { field, code: 'protocol-invalid', detail: `${said.replace(/\.$/, '')}.` };
}

/** All that keeps a draft from being approved. */
export function refuseDraft(checked: CheckedProtocol): Refusal {
  const errors = [...wrongFields(checked), ...missingFields(checked)];
  const [first] = errors;
  return new Refusal('protocol-invalid', first?.detail ?? '', first?.field, errors);
}

/** Members that stand within the form that spells them out. */
const SPELT_OUT: Readonly<Record<string, string>> = { ladder: '|0', responder: '|0', censoring: '|1' };

/** Where a field is on the page. */
export function anchorOf(field: string): string {
  const path = field.slice(PREFIX.length);
  const member = /^[^.[]*/.exec(path)![0];
  const isWithin = field.startsWith(PREFIX) && path !== member && Object.hasOwn(SPELT_OUT, member);
  return `#${idOf(isWithin ? `${PREFIX}${member}${SPELT_OUT[member]}${path.slice(member.length)}` : field)}`;
}

const MOST_LISTED = 12;

/** Sentences about fields, each with the way to it. */
export function FieldList({ errors }: { readonly errors: readonly FieldError[] }): JSX.Element {
  return (
    <ul>
      {errors.slice(0, MOST_LISTED).map(({ field, detail }) => (
        <li>{field === '' ? detail : <a href={anchorOf(field)}>{detail}</a>}</li>
      ))}
      {errors.length > MOST_LISTED && <li>and {errors.length - MOST_LISTED} more: see the parts below</li>}
    </ul>
  );
}

/** Why nothing was recorded. */
export function NotApproved({ errors }: { readonly errors: readonly FieldError[] }): JSX.Element | null {
  if (errors.length === 0) return null;
  return (
    <section class="wrong" role="alert" aria-label="What is wrong">
      <h2>{errors.length === 1 ? 'To be put right' : `${errors.length} things to put right`}</h2>
      <FieldList errors={errors} />
    </section>
  );
}
