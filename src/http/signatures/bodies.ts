import { Type } from '../../study/schema-types.js';
import { RecordNumber, closed, described } from '../../study/schema.js';
import { MeaningSchema } from '../../study/signatures/statement.js';

export const PrepareBody = closed({
  meaning: MeaningSchema,
  records: Type.Optional(Type.Array(RecordNumber, { minItems: 1, maxItems: 100, uniqueItems: true })),
  range: Type.Optional(closed({ from: RecordNumber, to: RecordNumber })),
});

export const SignBody = closed({
  payload: described('the payload as it was prepared, base64', { maxLength: 65_536 }),
  ticket: described('a ticket as the server gave it out', { maxLength: 4096 }),
  credential: Type.Object({}, { description: '`PublicKeyCredential.toJSON()`.' }),
});
