import { Type } from '../schema-types.js';
import { Refusal, refuse } from '../refusal.js';
import { RecordNumber, closed } from '../schema.js';
import { checkMeaning, refuseHandOver, whoSigns } from '../signatures/meanings.js';
import { refuseUntimely } from '../signatures/refuse-open.js';
import { changedBy } from '../signatures/signatures.js';
import {
  MeaningSchema,
  coveredBy,
  readStatement,
  type Covered,
  type Meaning,
} from '../signatures/statement.js';
import type { Study } from '../study.js';
import { SIGNING } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Optional, Required } from './common/fields.js';

class Signing {
  @Required(MeaningSchema, 'What the signature means.')
  meaning!: Meaning;

  @Optional(
    Type.Array(RecordNumber, { minItems: 1, maxItems: 100, uniqueItems: true }),
    'The records that are signed; or say a range.',
  )
  records?: number[];

  @Optional(
    closed({ from: RecordNumber, to: RecordNumber }),
    'The first and the last record that are signed, where they follow each other.',
  )
  range?: { from: number; to: number };
}

/**
 * A person signs records with their passkey. The bytes that are signed are made by the ledger and shown before; here they come
 * attested in `submission.signed`, never from what a client wrote.
 */
export class SignRecords extends StudyCommand {
  @Data(Signing) readonly data!: Signing;
}

export const signRecords = defineCommand(SignRecords, {
  phase: 'record',
  who: SIGNING,
  summary: 'Sign records',
  records: 'SignatureApplied',
  whoFor: ({ data }, study) => {
    const covered = coveredIn(data);
    return covered instanceof Refusal ? undefined : whoSigns(study, { meaning: data.meaning, covered });
  },
  mayNot({ data, submission }, _role, study) {
    const covered = coveredIn(data);
    if (covered instanceof Refusal) return undefined;
    return refuseHandOver(study, { meaning: data.meaning, covered }, submission.actor);
  },
  refuses: [
    'act-lapsed',
    'act-unsigned',
    'deviations-open',
    'ledger-unanchored',
    'meaning-unfit',
    'not-own-record',
    'own-record',
    'passkey-required',
    'payload-invalid',
    'record-changed',
    'record-unknown',
    'records-unnamed',
    'review-missing',
    'study-archived',
    'witness-missing',
  ],
  afterClose: true,
  beforeProtocol: true,
  example: { data: { meaning: 'approved', records: [1] } },
  decide({ data, submission }, { study, individual }) {
    const asked = coveredIn(data);
    if (asked instanceof Refusal) return asked;
    const unfit = checkSignable(study, asked);
    if (unfit) return unfit;
    const unmeant = checkMeaning(study, { meaning: data.meaning, covered: asked }, individual);
    if (unmeant) return unmeant;
    const untimely = refuseUntimely(study, { meaning: data.meaning, covered: asked });
    if (untimely) return untimely;
    const { signed } = submission;
    if (!signed)
      return refuse(
        'passkey-required',
        'A signature is made with a passkey: POST to …/signatures/prepare what you want to sign, and what the passkey signed to …/signatures.',
      );
    const statement = readStatement(signed.envelope.payload);
    const isWhatWasAsked =
      statement?.predicate.meaning === data.meaning &&
      statement.predicate.personId === submission.actor &&
      statement.predicate.tree.size <= study.size &&
      JSON.stringify(coveredBy(statement)) === JSON.stringify(asked);
    if (!isWhatWasAsked)
      return refuse(
        'payload-invalid',
        'What was signed is not what is asked for: prepare the signature again.',
      );
    return propose('SignatureApplied', { ...signed });
  },
});

/** What a signature is asked over: single records in their order, or one range. */
export function coveredIn({
  records,
  range,
}: Pick<Signing, 'records' | 'range'>): Covered[] | Refusal<'records-unnamed'> {
  if (range && !records && range.from < range.to) return [range];
  if (records && !range)
    return [...records].sort((a, b) => a - b).map((number) => ({ from: number, to: number }));
  return refuse(
    'records-unnamed',
    'Say either which records are signed, or a range of records from the earlier to the later.',
    'data.records',
  );
}

/** Only what holds is signed: a record that was corrected or withdrawn meanwhile is looked at again. */
export function checkSignable(
  study: Study,
  covered: readonly Covered[],
): Refusal<'record-unknown' | 'record-changed'> | undefined {
  for (const { from, to } of covered) {
    if (to >= study.size)
      return refuse(
        'record-unknown',
        `There is no record ${to}; the last one is ${study.size - 1}.`,
        'data.records',
      );
    const later = from === to ? changedBy(study, from) : undefined;
    if (later !== undefined)
      return refuse(
        'record-changed',
        `Record ${from} was changed by record ${later}: look at what holds now, and sign that.`,
        'data.records',
      );
  }
  return undefined;
}
