/**
 * Every code that a refusal can carry: the HTTP status for clients that do not read the code, and what it means. A code
 * is a contract with programs: it is added, never renamed. 422 is for what was understood and cannot be true as sent.
 */
export type Meaning = readonly [status: number, meaning: string];

/** Of any command, whatever it records. */
const OF_ANY_COMMAND = {
  'body-invalid': [422, 'The body is not a JSON object.'],
  'body-too-deep': [400, 'The body is nested too deeply.'],
  busy: [409, 'Others kept writing to the same study: send the same command again.'],
  'clock-leap': [503, 'The clock leapt ahead: an operator has to put it right or confirm it.'],
  'command-id-reused': [409, 'Another command was recorded under this Idempotency-Key.'],
  'entered-early': [422, 'It was entered before it happened, by its own times.'],
  'entry-discarded': [409, 'The entry was discarded.'],
  'field-invalid': [422, 'A field does not have the form that it needs.'],
  'field-missing': [422, 'A required field is missing.'],
  'field-unknown': [422, 'The command has no such field.'],
  'id-invalid': [400, 'The Idempotency-Key is not a UUID of version 4 or 7 in lower case.'],
  'quantity-impossible': [
    422,
    'No such quantity can have been measured: the unit or the decimal point is wrong.',
  ],
  'reason-required': [422, 'A late entry, a deviation, a query or this command needs a reason.'],
  'record-invalid': [422, 'The record would not fit the schema of its type.'],
  'record-too-large': [413, 'The record would be too large for the log.'],
  'store-behind-mark': [503, 'The store holds fewer records than were signed: an operator has to look.'],
  'store-inconsistent': [503, 'The store holds other records than were signed: an operator has to look.'],
  'study-code-invalid': [400, 'The study code is not made of capitals, digits and single hyphens.'],
  'text-not-recordable': [
    422,
    'A text holds a control character, a mark of writing direction or half a character.',
  ],
  'time-in-future': [422, 'The time lies after the time of recording.'],
} as const satisfies Record<string, Meaning>;

/** Of commands, depending on the state of the study and of the animal. */
const OF_STATE = {
  'before-birth': [422, 'The time lies before the birth of the animal.'],
  'no-protocol': [409, 'The study has no approved protocol yet.'],
  'protocol-unsigned': [409, 'The protocol of the study is not signed by its director yet.'],
  'study-archived': [409, 'The study is archived: nothing is recorded in it.'],
  'study-closed': [409, 'The study is closed.'],
  'study-unfinished': [409, 'The registration of the study was interrupted: send it again.'],
  'study-unknown': [404, 'There is no such study.'],
  'subject-dead': [409, 'The animal was dead by then, or its death is recorded already.'],
  'subject-gone': [409, 'The animal had left the establishment by then.'],
  'subject-unknown': [422, 'The animal is not enrolled in this study.'],
} as const satisfies Record<string, Meaning>;

/** Of single commands; each lists its own beside `decide`. */
const OF_DECISIONS = {
  'act-lapsed': [409, 'The act waits for no signature: it holds, or another has taken its place.'],
  'act-unsigned': [409, 'An act of the study is recorded and waits for its signature.'],
  'deviations-open': [409, 'Deviations are not acknowledged, or their acknowledgement is not signed.'],
  'retention-too-short': [422, 'The study would not be kept beyond the day on which it is archived.'],
  'review-missing': [409, 'Records of the study are not reviewed, or their review is not signed.'],
  'witness-missing': [409, 'Records that take a witness have none, or the witness has not signed.'],
  'administration-unknown': [422, 'The record named is no earlier administration to this animal.'],
  'amendment-out-of-order': [409, 'A later version of the protocol is in force already.'],
  'assay-unknown': [422, 'The protocol has no such assay.'],
  'directs-already': [409, 'The person directs the study already.'],
  'dose-not-comparable': [422, 'The dose has a unit that the doses of the protocol cannot be compared with.'],
  'electrode-present': [409, 'The animal has an electrode already.'],
  'entry-recorded': [409, 'The entry was recorded: correct or void that record.'],
  'reported-already': [409, 'The inspection was reported to them already.'],
  'reported-early': [422, 'The report lies before the inspection.'],
  'endpoint-not-reached': [422, 'The record named does not reach this humane endpoint.'],
  'fate-recorded': [409, 'The fate of the animal is recorded already.'],
  'filament-not-in-ladder': [422, 'The ladder has no such filament.'],
  'item-twice': [422, 'An item is scored twice.'],
  'item-unknown': [422, 'The scale or sheet has no such item.'],
  'mapping-invalid': [422, 'The mapping cannot be used; `errors` lists what is wrong with it.'],
  'mapping-saved': [409, 'The mapping is saved in the study already.'],
  'later-records-exist': [409, 'Later records show that the animal was still there.'],
  'leaf-mismatch': [409, 'The leaf hash is not that of the record named.'],
  'ledger-unanchored': [409, 'The witnesses have not answered for too long: no study begins or ends.'],
  'nerve-already-ligated': [409, 'Another record says that this nerve was operated.'],
  'never-used': [422, 'Nothing was done to the animal: there is no use to assess.'],
  'never-used-before': [422, 'An animal used for the first time has no earlier use.'],
  'no-deviation': [422, 'The record named carries no deviation.'],
  'no-electrode': [422, 'The animal has no electrode on record by then.'],
  'not-a-fact': [
    422,
    'The record named corrects or voids another: name the record that first stated the fact.',
  ],
  'not-commissioned': [409, 'No witness has answered this ledger yet: no study begins.'],
  'attachment-missing': [409, 'The bytes of the attachment are not here: send them first.'],
  'not-an-inspection': [422, 'The record named is no inspection.'],
  'meaning-unfit': [422, 'Records of this kind are not signed with this meaning.'],
  'name-missing': [409, 'The name that the signature has to show is not on this server.'],
  'not-own-record': [403, 'Only the person who made the record, or is named in it, can do this.'],
  'own-record': [403, 'Only a person other than the one who made the record can do this.'],
  'payload-invalid': [422, 'What was signed is not what is asked for.'],
  'range-invalid': [422, 'The range does not go from an earlier to a later record.'],
  'record-changed': [409, 'The record was corrected or withdrawn: what holds now is to be signed.'],
  'records-unnamed': [422, 'Neither records nor a range are named, or both.'],
  'study-open': [409, 'The study is not closed.'],
  'not-correctable': [422, 'Records of this type are not corrected.'],
  'not-in-force': [409, 'The record named was replaced or withdrawn.'],
  'nothing-corrected': [422, 'The correction names nothing that is to be put right.'],
  'not-ketamine': [409, 'The protocol gives other substances: record the dose with AdministerSubstance.'],
  'not-voidable': [422, 'Records of this type are not voided.'],
  'not-titrated': [422, 'The protocol titrates another substance.'],
  'others-rest-on-it': [409, 'Other records rest on this enrolment.'],
  'previous-severity-missing': [422, 'An animal used again needs the actual severity of its last use.'],
  'protocol-exists': [409, 'The study has an approved protocol: amend it.'],
  'protocol-invalid': [422, 'The protocol contradicts itself or is incomplete.'],
  'protocol-lacks-section': [409, 'The protocol in force has no section for it: amend the protocol first.'],
  'record-unknown': [404, 'There is no such record, or it does not speak of this animal.'],
  'responses-exceed-touches': [422, 'A filament has more responses than touches.'],
  'scale-unknown': [422, 'The protocol scores on another scale or sheet.'],
  'score-too-high': [422, 'The score is higher than the item goes.'],
  'setting-unknown': [422, 'The protocol has no such setting of the stimulation, or needs one named.'],
  'session-unknown': [422, 'The record named is no earlier stimulation or dose of this animal.'],
  'severity-assessed': [409, 'The severity of this use is assessed already: correct that record.'],
  'signing-key-missing': [503, 'The server has no signing key.'],
  'struck-misplaced': [422, 'The places of the touches that were struck through do not fit the run.'],
  'study-exists': [409, 'The study code is taken: a code is never used again.'],
  'site-unknown': [422, 'The assay is not measured at this site.'],
  'subject-enrolled': [409, 'An animal of this identifier is enrolled already.'],
  'subject-excluded': [409, 'The animal is excluded already.'],
  'substance-unknown': [422, 'The protocol gives no such substance.'],
  'trial-kind': [422, 'The assay reads another kind of trial.'],
  'unknown-ladder': [422, 'The protocol names another ladder of filaments.'],
  'use-not-ended': [409, 'The animal is still in use.'],
} as const satisfies Record<string, Meaning>;

/** Of signing in. */
const OF_SIGN_IN = {
  'assertion-invalid': [403, 'The answer of the passkey is not accepted: try again.'],
  'challenge-spent': [409, 'The challenge was answered already: begin again.'],
  'identity-invalid': [403, 'What came back from the identity provider does not belong to this sign-in.'],
  'identity-provider-unavailable': [503, 'The identity provider cannot be used at the moment.'],
} as const satisfies Record<string, Meaning>;

/** Of who asks, and of commands about people. */
const OF_PEOPLE = {
  'attestation-given': [409, 'The person stated this before: once is enough.'],
  'attestation-missing': [409, 'The person has not stated yet that a signature binds like one by hand.'],
  'attestation-text': [422, 'What is stated is not the text that the ledger shows.'],
  'credential-exists': [409, 'This key was enrolled before: no key is enrolled twice.'],
  'credential-pending': [403, 'The passkey waits for its confirmation by another person.'],
  'credential-unknown': [422, 'There is no such credential, or it is not in the state that this needs.'],
  'grant-unknown': [422, 'There is no such grant, or it has ended.'],
  'identity-taken': [409, 'This identity at the provider belongs to another person, for ever.'],
  'last-administrator': [409, 'No administrator would be left who can sign in.'],
  'no-administrator': [409, 'Nobody is registered in this ledger yet.'],
  'not-permitted': [403, 'The roles of the person do not allow it.'],
  'occurs-in-study': [409, 'The id occurs in a study already: confirm that it is this person.'],
  'offer-invalid': [409, 'The enrolment link is wrong, was used, or has ended.'],
  'passkey-required': [403, 'It takes a passkey signed in within the last five minutes.'],
  'passkey-syncable': [422, 'The laboratory takes keys that stay on one device only.'],
  'person-exists': [409, 'The id was given out already, and never is again.'],
  'person-inactive': [409, 'The person is deactivated.'],
  'person-other': [409, 'Another person is signed in than the one who made the entry.'],
  'person-reserved': [422, 'The id is kept for the ledger itself, or is no pseudonym.'],
  'person-unknown': [422, 'There is no such person.'],
  'redaction-unknown': [422, 'There is no such personal text, or no open request to redact it.'],
  'role-conflict': [409, 'The role conflicts with another one of the same person.'],
  'role-dates': [422, 'The times of the grant or the token are not in order or reach too far.'],
  'second-person': [403, 'It takes another person than the one who asked or is concerned.'],
  'sign-in-required': [401, 'Sign in, or send a token.'],
  'session-expired': [401, 'The session has ended: sign in again.'],
  'site-unknown-yet': [409, 'There is no such site to confirm.'],
  'token-invalid': [401, 'The token is wrong, has ended, or was sent beside a session.'],
  'token-unknown': [422, 'There is no such token, or it has ended.'],
} as const satisfies Record<string, Meaning>;

/** Of queries. */
const OF_QUERIES = {
  'at-beyond-head': [400, 'The study has fewer records than `at` asks for.'],
  'at-invalid': [400, '`at` is neither a tree size nor an instant.'],
  'before-invalid': [400, '`before` is no instant.'],
  'choice-unknown': [400, 'The page does not offer what the address chooses.'],
  'consistency-range': [400, 'The tree sizes are not in order, or lie beyond the head.'],
  'cursor-beyond-head': [409, 'The cursor is ahead of this store: it may be an older copy.'],
  'cursor-invalid': [400, 'The cursor was not given by this feed.'],
  'file-unknown': [404, 'There is no such file of a study.'],
  'projection-unknown': [404, 'There is no such projection.'],
  'run-invalid': [422, 'The run cannot be read.'],
  'run-leaves-ladder': [422, 'The run leaves the ladder of filaments.'],
  'separator-is-decimal': [422, 'The comma cannot be both the separator and the decimal mark.'],
  'sheet-too-long': [422, 'A sheet would have more rows than a spreadsheet takes.'],
  'signing-unavailable': [503, 'No signed head is to be had at the moment.'],
  'since-invalid': [400, '`since` is no instant.'],
  'until-invalid': [400, '`until` is no instant.'],
} as const satisfies Record<string, Meaning>;

/** Of files of commands, of imports, of the first start and of what the ledger itself records: never sent by HTTP. */
const OF_FILES = {
  'clock-goes-back': [422, 'The clock of a line lies before that of the line above.'],
  'command-id-taken': [409, 'A record that the ledger did not make bears the command id of one of its own.'],
  'command-unknown': [404, 'There is no such command.'],
  'ladder-invalid': [422, 'The ladder of filaments cannot be used.'],
  'ledger-exists': [409, 'The ledger is initialised already.'],
  'line-invalid': [422, 'The line is not a JSON object.'],
  'only-simulated': [422, 'The field is taken by simulated ledgers only.'],
  'group-too-large': [
    413,
    'The import makes more records than this store keeps together; nothing was recorded: divide the file.',
  ],
  overtaken: [409, 'Others recorded while the import was decided.'],
} as const satisfies Record<string, Meaning>;

export const REFUSALS = {
  ...OF_ANY_COMMAND,
  ...OF_STATE,
  ...OF_DECISIONS,
  ...OF_SIGN_IN,
  ...OF_PEOPLE,
  ...OF_QUERIES,
  ...OF_FILES,
} satisfies Record<string, Meaning>;

export type RefusalCode = keyof typeof REFUSALS;

export type AnyCommandRefusal = keyof typeof OF_ANY_COMMAND;

export const ANY_COMMAND_REFUSES = Object.keys(OF_ANY_COMMAND) as AnyCommandRefusal[];
