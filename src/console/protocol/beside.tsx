import type { JSX } from 'preact';
import type { FieldError } from '../../study/refusal.js';
import { memberChanges, type Change } from '../../study/projections/member-changes.js';
import type { Protocol } from '../../study/protocol.js';
import type { ProtocolVersion } from '../../study/study.js';
import { Changes } from '../parts/changes.js';
import { DifferencesTable } from '../parts/protocol.js';
import { Facts } from '../parts/table.js';
import { counted } from '../words/phrase.js';
import { protocolInWords, termDifferences } from '../words/protocol.js';
import type { Term } from '../words/term.js';
import { FieldList } from './findings.js';

/** What stands beside the form of a protocol, and follows it. */
export interface Beside {
  readonly words: readonly Term[];
  readonly missing: readonly FieldError[];
  readonly wrong: readonly FieldError[];
  /** What can be approved, and is most often a mistake. */
  readonly doubts: readonly string[];
  /** How many numbers are those of a template. */
  readonly examples: number;
  /** The version that is amended, and what would differ member by member. */
  readonly amends: ProtocolVersion | undefined;
  readonly changes: readonly Change[];
  /** The draft as the file that the command line takes. */
  readonly file: string;
}

/** Member by member, where the draft is complete enough to be compared. */
export function changesOf(amends: ProtocolVersion | undefined, protocol: Protocol | undefined): Change[] {
  return amends && protocol ? memberChanges(amends.protocol, protocol) : [];
}

export function BesideForm({ of }: { readonly of: Beside }): JSX.Element {
  const { words, missing, wrong, doubts, examples, amends, file } = of;
  return (
    <aside class="beside" id="beside" aria-label="What the form says">
      <output class="standing">{standing(of)}</output>
      <Listed title="Wrong" errors={wrong} />
      <Listed title="Still to be given" errors={missing} />
      {doubts.length > 0 && (
        <>
          <h2>Look again</h2>
          <ul>
            {doubts.map((doubt) => (
              <li>{doubt}</li>
            ))}
          </ul>
        </>
      )}
      {examples > 0 && (
        <p class="quiet">
          {counted(examples, 'number is', 'numbers are')} an example of the template, not a recommendation.
        </p>
      )}
      {amends && <WhatChanges of={of} amends={amends} />}
      <h2>In words</h2>
      <Facts facts={words.map(([about, said]) => [about, said] as const)} />
      <details class="file">
        <summary>As a file</summary>
        <p>
          The command line takes it: <code>study-ledger protocol check FILE</code>. REQUIRED stands for what
          is still to be given.
        </p>
        <textarea readOnly rows={6} aria-label="The protocol as a file" data-file="" value={file} />
      </details>
    </aside>
  );
}

function standing({ missing, wrong }: Beside): string {
  if (missing.length + wrong.length === 0) return 'Nothing is missing, and nothing contradicts itself.';
  return [
    ...(wrong.length > 0 ? [`${counted(wrong.length, 'thing is', 'things are')} wrong`] : []),
    ...(missing.length > 0 ? [`${counted(missing.length, 'value is', 'values are')} still to be given`] : []),
  ].join(', ');
}

function Listed({
  title,
  errors,
}: {
  readonly title: string;
  readonly errors: readonly FieldError[];
}): JSX.Element | null {
  if (errors.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <FieldList errors={errors} />
    </>
  );
}

function WhatChanges({ of, amends }: { readonly of: Beside; readonly amends: ProtocolVersion }): JSX.Element {
  const { words, changes } = of;
  const differences = termDifferences(protocolInWords(amends.protocol), words);
  return (
    <>
      <h2>What this changes</h2>
      {differences.length === 0 && changes.length === 0 ? (
        <p class="none">Nothing yet: the form says what version {amends.version} says.</p>
      ) : (
        <DifferencesTable differences={differences} versions={[amends.version, amends.version + 1]} />
      )}
      {changes.length > 0 && (
        <details open={differences.length === 0}>
          <summary>{counted(changes.length, 'member')} of the protocol</summary>
          <Changes changes={changes} />
        </details>
      )}
    </>
  );
}
