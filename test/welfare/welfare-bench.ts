import type { ProtocolInput } from '../../src/study/rules/complete-protocol.js';
import { approvedWith, at, registered } from '../study/bench.js';
import { given as givenThat, sent, type Body, type Given } from '../study/specification.js';

export { about, at, because, begun, day, died, ligated, measured } from '../study/bench.js';

/** A study whose protocol and whose animal say only this much. */
export function given(protocol: ProtocolInput, enrolment: Body): Given {
  const approval = { ...approvedWith({}), body: { data: { protocol } } };
  return givenThat(
    registered,
    approval,
    at('2026-03-02T08:20:00Z', sent('EnrolSubject', { subject: 'R01', data: enrolment })),
  );
}
