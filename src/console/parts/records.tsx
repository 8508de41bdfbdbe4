import type { JSX } from 'preact';
import type { StoredStudyRecord } from '../../study/record.js';
import { recordFlags } from '../../study/projections/audit-trail.projection.js';
import type { View } from '../../study/projections/projection.js';
import { sentence } from '../words/sentence.js';
import type { Phrase } from '../words/phrase.js';
import { offsetOf } from '../words/dates.js';
import { Flags } from './flags.js';
import { RecordLink } from './links.js';
import { Said } from './said.js';
import { Clock, Day, When } from './when.js';

/** A record as a line of a list. */
export interface RecordLine {
  readonly number: number;
  readonly at: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly role: string;
  readonly phrases: readonly Phrase[];
  readonly flags: readonly string[];
  readonly reason: string | undefined;
  readonly supersededBy: number | undefined;
  /** In a file that has no page for each record: the id that links lead to, and its data on one line. */
  readonly id?: string;
  readonly data?: string;
}

export function recordLine(view: View, stored: StoredStudyRecord): RecordLine {
  const { number, record } = stored;
  return {
    number,
    at: record.time,
    recordedAt: record.recordedtime,
    actor: record.actor,
    role: record.actorrole,
    phrases: sentence(view, stored),
    flags: recordFlags(record),
    reason: record.reason,
    supersededBy: view.study.supersededBy.get(number),
  };
}

/** Records as sentences, in the order given, under a heading for each day on which they happened. */
export function RecordList({ lines }: { readonly lines: readonly RecordLine[] }): JSX.Element {
  const isMixed = new Set(lines.map(({ at }) => offsetOf(at))).size > 1;
  const days: { day: string; lines: RecordLine[] }[] = [];
  for (const line of lines) {
    const day = line.at.slice(0, 10);
    if (days.at(-1)?.day === day) days.at(-1)!.lines.push(line);
    else days.push({ day, lines: [line] });
  }
  return (
    <div class="records">
      {days.map(({ lines: ofDay }) => (
        <section>
          <h3>
            <Day at={ofDay[0]!.at} />
          </h3>
          <ol>
            {ofDay.map((line) => (
              <Line line={line} zone={isMixed} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

/** @param zone whether the offset stands beside the time: without it, times of two offsets would seem to be in another order */
function Line({ line, zone }: { readonly line: RecordLine; readonly zone: boolean }): JSX.Element {
  const { number, at, recordedAt, actor, role, phrases, flags, reason, supersededBy, id, data } = line;
  const told = <Said phrases={phrases} />;
  return (
    <li id={id}>
      <Clock at={at} zone={zone} />
      <RecordLink number={number} />
      <p>
        {supersededBy === undefined ? told : <s>{told}</s>}
        {supersededBy !== undefined && (
          <>
            {' '}
            Superseded by <RecordLink number={supersededBy} />.
          </>
        )}
        <Flags flags={flags} />
        {flags.includes('late') && (
          <span class="quiet">
            {' '}
            written <When at={recordedAt} />
          </span>
        )}
        {reason !== undefined && <span class="reason"> “{reason}”</span>}
      </p>
      <span class="actor">
        {actor}, {role}
      </span>
      {data !== undefined && (
        <details>
          <summary>Data of #{number}</summary>
          {data}
        </details>
      )}
    </li>
  );
}
