import type { JSX } from 'preact';
import type { Judged } from '../words/judged.js';
import { Flags, Mark } from './flags.js';
import { Said } from './said.js';

export type { Judged };

/** Each verdict as a word, and as one paragraph of arithmetic. */
export function Verdicts({ judged }: { readonly judged: readonly Judged[] }): JSX.Element {
  return (
    <section class="verdicts">
      <h2>Verdicts</h2>
      {judged.length === 0 && (
        <p class="none">No protocol is approved yet, so there is no rule to judge by.</p>
      )}
      <VerdictList judged={judged} />
    </section>
  );
}

export function VerdictList({ judged }: { readonly judged: readonly Judged[] }): JSX.Element {
  return (
    <div class="verdicts">
      {judged.map(({ question, holds, yes, no, borderline, arithmetic, rule, caveats }) => (
        <div class="verdict">
          <h3>{question}</h3>
          <div>
            <p>
              <Mark holds={holds} yes={yes} no={no} borderline={borderline} />
            </p>
            <p>
              <Said phrases={arithmetic} />
            </p>
            {rule !== undefined && <p class="quiet">Rule: {rule}</p>}
            {caveats.length > 0 && (
              <p class="quiet">
                It rests on records with these flags:
                <Flags flags={caveats} />
              </p>
            )}
          </div>
        </div>
      ))}
    </div>
  );
}
