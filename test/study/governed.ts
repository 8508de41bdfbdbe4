import { approvedWith, because, enrolled, exampleData, registered } from './bench.js';
import { by, signs } from './signing.js';
import { given, sent, type Body, type Given, type Sent } from './specification.js';

/** A study whose acts hold from a signature on: of `sd-01`, with `tech-1` at the bench, `stat-1` who reviews, and `mgr-1`. */

export const registeredGoverned = by(
  'sd-01',
  sent(
    'RegisterStudy',
    { data: { ...exampleData('RegisterStudy'), governance: 'signed' } },
    registered.clock,
  ),
);

/** Records 0 and 1: the protocol is not signed. */
export function unsigned(changes: Parameters<typeof approvedWith>[0] = {}): Given {
  return given(registeredGoverned, by('sd-01', approvedWith(changes)));
}

/** Records 0 to 3: registered, approved, signed at 08:15, R01 enrolled. */
export function governed(changes: Parameters<typeof approvedWith>[0] = {}): Given {
  return unsigned(changes).and(signs('sd-01', 'approved', 1, '2026-03-02T08:15:00Z'), enrolled('R01'));
}

/** Somebody who made none of it reviews all records that there are, and signs that. */
export function reviewed(study: Given): Given {
  const to = study.study.size - 1;
  return study.and(
    by('stat-1', sent('ReviewTrail', { data: { from: 0, to, findings: 'Nothing to remark' } })),
    signs('stat-1', 'reviewed', to + 1),
  );
}

export const closing = by('sd-01', sent('CloseStudy', { data: { outcome: 'completed' } }));

/** Reviewed, closed and signed: the last two records. */
export function closedAndSigned(study: Given = governed()): Given {
  const over = reviewed(study).and(closing);
  return over.and(signs('sd-01', 'closed', over.study.size - 1));
}

export function archiving(retainUntil = '2036-12-31'): Sent {
  return by('mgr-1', sent('ArchiveStudy', { data: { location: 'Archive room 2', retainUntil } }));
}

export const reopening = by(
  'sd-01',
  because('A session was never entered', sent('ReopenStudy', { data: {} })),
);

export function handedOver(to: string, actor = 'sd-01'): Sent {
  return by(actor, because('Leave', sent('HandOverStudy', { data: { to } })));
}

export function replaced(director: string): Sent {
  return by('mgr-1', because('Has left', sent('ReplaceDirector', { data: { director } })));
}

export function acknowledged(target: number, data: Body = { impact: 'minor' }, actor = 'sd-01'): Sent {
  const body = { data: { target: { number: target }, assessment: 'No effect on the outcome', ...data } };
  return by(actor, sent('AcknowledgeDeviation', body));
}

export function witnessed(target: number, actor = 'tech-2'): Sent {
  return by(actor, sent('WitnessRecord', { data: { target: { number: target } } }));
}
