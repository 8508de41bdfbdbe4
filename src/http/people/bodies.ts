import type { Static, TSchema } from 'typebox';
import { Type } from '../../study/schema-types.js';
import { mismatch } from '../../study/mismatch.js';
import { Line, PersonId, closed, described } from '../../study/schema.js';
import { Problem } from '../platform/problems.js';

const Ticket = described('a ticket as the server gave it out', { maxLength: 4096 });
const Code = described('the code of an enrolment link', { pattern: '^[A-Za-z0-9_-]{43}$' });
/** What the browser gives; its form is looked at where it is decoded. */
const Credential = Type.Object({}, { description: '`PublicKeyCredential.toJSON()`.' });

export const EmptyBody = closed({});
export const SignInBody = closed({ ticket: Ticket, credential: Credential });
export const SimulatedBody = closed({ person: PersonId });
export const OfferBody = closed({ person: Type.Optional(PersonId), code: Type.Optional(Code) });
export const EnrolmentBody = closed({
  ticket: Ticket,
  code: Type.Optional(Code),
  credential: Credential,
  label: Line,
});

/** @throws Problem `field-invalid`. */
export function readBody<S extends TSchema>(schema: S, body: unknown): Static<S> {
  const wrong = mismatch(schema, body);
  if (!wrong) return body as Static<S>;
  const field = wrong.path || undefined;
  throw new Problem('field-invalid', `${wrong.path || 'The body'} ${wrong.message}.`, field);
}
