import type { JSX } from 'preact';
import { ATTESTATION, ATTESTATION_SHA256 } from '../../lab/people/attestation.js';
import type { Person } from '../../lab/people/people.js';
import { utcInstant } from '../../study/instant.js';
import { CommandForm } from './command-form.js';
import { When } from './when.js';

/** What is asked once, before the first signature. A text that was stated under another wording is told by its digest alone. */
export function OwnAttestation({
  given,
  next,
}: {
  readonly given: Person['attestation'];
  /** What waits to be signed. */
  readonly next: string | undefined;
}): JSX.Element {
  return (
    <section id="attestation">
      <h2>Your signature</h2>
      {(!given || given.text === ATTESTATION_SHA256) && <blockquote>{ATTESTATION}</blockquote>}
      <p class="quiet">
        SHA-256 of the text: <code>{given?.text ?? ATTESTATION_SHA256}</code>
      </p>
      {given ? (
        <p>
          You stated this on <When at={utcInstant(given.atMs)} />{' '}
          <span class="quiet">(lab record #{given.number})</span>
          {next !== undefined && (
            <>
              {' '}
              <a href={next}>Go on to sign</a>
            </>
          )}
        </p>
      ) : (
        <CommandForm
          command="give-attestation"
          label="State that my signature binds"
          fixed={{ text: ATTESTATION_SHA256 }}
          send="I state this"
        />
      )}
    </section>
  );
}
