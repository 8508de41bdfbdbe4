import type { JSX } from 'preact';
import { dataInWords } from '../../exports/documents/in-words.js';
import type { TrailRecord } from '../../study/projections/audit-trail.projection.js';
import type { Phrase } from '../words/phrase.js';
import { memberInWords } from './changes.js';
import { Flags } from './flags.js';
import { RecordLink } from './links.js';
import { Said } from './said.js';
import { When } from './when.js';

export interface CorrectionTold {
  readonly trail: TrailRecord;
  readonly phrases: readonly Phrase[];
}

/** Corrections and withdrawals: what it was, what it is, who says so, and why. */
export function Corrections({ told }: { readonly told: readonly CorrectionTold[] }): JSX.Element {
  return (
    <ol class="corrections">
      {told.map(({ trail, phrases }) => (
        <li>
          <RecordLink number={trail.record} />
          <div>
            <p>
              <Said phrases={phrases} />
              <Flags flags={trail.flags} />
              {trail.supersededBy !== null && (
                <>
                  {' '}
                  Superseded by <RecordLink number={trail.supersededBy} />.
                </>
              )}
            </p>
            {trail.changes.length > 0 && (
              <ul>
                {trail.changes.map(({ field, from, to }) => (
                  <li>
                    {memberInWords(field.replace(/^data\./, ''))}: <del>{dataInWords(from)}</del> →{' '}
                    <ins>{dataInWords(to)}</ins>
                  </li>
                ))}
              </ul>
            )}
            {trail.reason !== null && <p>Why: “{trail.reason}”</p>}
            <p class="quiet">
              {trail.actor}, {trail.role}, <When at={trail.recordedAt} />
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
