import type { JSX } from 'preact';
import type { OpenAct } from '../../study/signatures/open-acts.js';
import { StudyLink } from './links.js';
import { OpenActs, SignatureTable, type SignatureLine } from './signatures.js';

/** How a record stands to signatures. */
export interface Signed {
  /** Over this record; of a signature, itself. */
  readonly signatures: readonly SignatureLine[];
  /** What of it waits for a signature or an act. */
  readonly acts: readonly OpenAct[];
  /** Whether it holds still: only then it can be signed. */
  readonly isSignable: boolean;
  /** Who made it or is named in it, where it can be witnessed: anybody else witnesses it. */
  readonly participants: readonly string[] | undefined;
}

export function RecordSignatures({
  number,
  signatures,
  acts,
  isSignable,
  participants,
}: Signed & { readonly number: number }): JSX.Element {
  return (
    <section>
      <h2>Signatures</h2>
      {signatures.length === 0 ? (
        <p class="none">Nobody has signed this record.</p>
      ) : (
        <SignatureTable lines={signatures} label="Signatures over this record" none="" />
      )}
      {acts.length > 0 && <OpenActs acts={acts} />}
      {isSignable && (
        <p>
          <StudyLink to="/sign" query={{ records: `${number}`, meaning: 'authored' }}>
            Sign this record
          </StudyLink>
        </p>
      )}
      {participants && (
        <p>
          <StudyLink to="/bench/enter/witness-record" query={{ 'data.target.number': `${number}` }}>
            I saw this
          </StudyLink>{' '}
          <span class="quiet">{`A second person witnesses it: anybody but ${participants.join(', ')}.`}</span>
        </p>
      )}
    </section>
  );
}
