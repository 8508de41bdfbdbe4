import type { Role } from '../../../src/study/who.js';

/**
 * Who may do and read what: section “Who may do what” of docs/people.md, written out by hand. It is what the ledger is
 * measured by, so nothing here comes from the program.
 */
export type Rule =
  /** Everybody, signed in or not. */
  | 'anyone'
  /** Whoever is signed in, also by a passkey that is pending. */
  | 'oneself'
  /** Whoever is signed in and has a role. */
  | 'signed in'
  /** With a confirmed passkey that was used just before. */
  | 'by passkey'
  /** The same, and with a role: nobody without one confirms anything. */
  | 'a role by passkey'
  | 'administrator by passkey'
  /** Programs with a token for metrics, administrators. */
  | 'metrics'
  /** The director of the study at that moment. */
  | 'study director'
  /** A grant for the study, or for the facility. */
  | { readonly study: readonly Role[] }
  /** A grant for the facility. */
  | { readonly facility: readonly Role[] };

const BENCH: Rule = { study: ['technician', 'director'] };
const CARE: Rule = { study: ['technician', 'director', 'veterinarian'] };
const QUALITY: Rule = { study: ['quality'] };
const WELFARE: Rule = { study: ['director', 'veterinarian'] };
const STUDY: Rule = {
  study: ['technician', 'director', 'veterinarian', 'statistician', 'quality', 'management', 'inspector'],
};
const ALL_STUDIES: Rule = { facility: ['management', 'veterinarian', 'quality', 'inspector'] };
const ACCESS: Rule = { facility: ['administrator', 'management', 'quality', 'inspector'] };
const PEOPLE: Rule = { facility: ['administrator'] };
const FILES: Rule = {
  study: ['technician', 'director', 'veterinarian', 'statistician', 'quality', 'management'],
};

export const STUDY_COMMANDS: Readonly<Record<string, Rule>> = {
  'register-study': { facility: ['director', 'management'] },
  'approve-protocol': 'study director',
  'amend-protocol': 'study director',
  'exclude-subject': 'study director',
  'designate-sub-effective-dose': 'study director',
  'acknowledge-deviation': 'study director',
  'close-study': 'study director',
  'reopen-study': 'study director',
  'hand-over-study': 'study director',
  // Of a record that somebody else made: record 0, which the director made, is asked for by all but the director.
  'correct-record': 'study director',
  'void-record': 'study director',
  'discard-entry': STUDY,
  'replace-director': { study: ['management'] },
  'archive-study': { study: ['management'] },
  'ligate-nerve': BENCH,
  'induce-model': BENCH,
  'implant-electrode': BENCH,
  'implant-catheter': BENCH,
  'determine-motor-threshold': BENCH,
  'apply-scs': BENCH,
  'administer-ketamine': BENCH,
  'record-threshold': BENCH,
  'record-measurement': BENCH,
  'enrol-subject': CARE,
  'record-body-weight': CARE,
  'score-side-effects': CARE,
  'score-welfare': CARE,
  'record-intervention': CARE,
  'record-fate': CARE,
  'euthanise-subject': CARE,
  'report-adverse-event': CARE,
  'record-deviation': CARE,
  'witness-record': CARE,
  // Of a record that is not there: what may be signed by whom depends on the records.
  'sign-records': {
    study: [
      'administrator',
      'director',
      'technician',
      'veterinarian',
      'statistician',
      'quality',
      'management',
      'inspector',
    ],
  },
  // Of purpose `rescue`: any other is the bench's.
  'administer-substance': CARE,
  'save-import-mapping': CARE,
  'add-attachment': FILES,
  'review-trail': STUDY,
  'record-inspection': QUALITY,
  'report-inspection': QUALITY,
  'decide-endpoint': WELFARE,
  'assess-severity': WELFARE,
};

export const LAB_COMMANDS: Readonly<Record<string, Rule>> = {
  'configure-site': 'administrator by passkey',
  'register-person': 'administrator by passkey',
  'rename-person': 'administrator by passkey',
  'offer-enrolment': 'administrator by passkey',
  'grant-role': 'administrator by passkey',
  'revoke-role': 'administrator by passkey',
  'record-training': 'administrator by passkey',
  'deactivate-person': 'administrator by passkey',
  'request-redaction': 'administrator by passkey',
  // Of somebody else's; one's own is asked for by `OWN_COMMANDS`.
  'revoke-credential': 'administrator by passkey',
  'revoke-token': 'administrator by passkey',
  // Any second person; which one, the command decides.
  'confirm-site': 'a role by passkey',
  'confirm-credential': 'a role by passkey',
  'redact-field': 'a role by passkey',
  'issue-token': 'by passkey',
  'give-attestation': 'by passkey',
};

/** Commands of the lab that the ledger gives by itself: there is no address for them. */
export const WITHOUT_ADDRESS = ['begin-people', 'enrol-credential', 'link-identity', 'recover-administrator'];

/** Every address that is read. */
export const READING: Readonly<Record<string, Rule>> = {
  '/health': 'anyone',
  '/health/ready': 'anyone',
  '/metrics': 'metrics',
  '/api': 'signed in',
  '/api/v1/openapi.json': 'signed in',
  '/api/v1/studies': 'signed in',
  '/api/v1/studies/:code': STUDY,
  '/api/v1/studies/:code/projections': STUDY,
  '/api/v1/studies/:code/projections/:name': STUDY,
  '/api/v1/studies/:code/due': STUDY,
  '/api/v1/studies/:code/files/:file': STUDY,
  '/api/v1/studies/:code/records': STUDY,
  '/api/v1/studies/:code/records/:number': STUDY,
  '/api/v1/studies/:code/records/:number/proof': STUDY,
  '/api/v1/studies/:code/records/:number/findings': QUALITY,
  '/api/v1/studies/:code/mappings': STUDY,
  '/api/v1/studies/:code/mappings/:digest': STUDY,
  '/api/v1/studies/:code/attachments': STUDY,
  '/api/v1/studies/:code/attachments/:digest': STUDY,
  '/api/v1/studies/:code/next-filament': STUDY,
  '/api/v1/studies/:code/signatures': STUDY,
  '/api/v1/studies/:code/checkpoint': STUDY,
  '/api/v1/studies/:code/consistency': STUDY,
  '/api/v1/feed': ALL_STUDIES,
  '/api/v1/welfare/alerts': 'signed in',
  '/api/v1/welfare/returns/:year/:format': ALL_STUDIES,
  '/api/v1/lab/records': 'signed in',
  '/api/v1/lab/records/:number/proof': 'signed in',
  '/api/v1/lab/checkpoint': 'signed in',
  '/api/v1/lab/consistency': 'signed in',
  '/api/v1/lab/people': PEOPLE,
  '/api/v1/access/records': ACCESS,
  '/api/v1/access/records/:number/proof': ACCESS,
  '/api/v1/access/checkpoint': ACCESS,
  '/api/v1/access/consistency': ACCESS,
  '/api/v1/me': 'oneself',
  '/api/v1/attestation': 'signed in',
  '/': 'signed in',
  '/archive': 'signed in',
  '/lab': 'signed in',
  '/sign-in': 'anyone',
  '/enrol': 'anyone',
  '/me': 'oneself',
  '/people': PEOPLE,
  '/people/:person': PEOPLE,
  '/access': ACCESS,
  '/studies/new': { facility: ['director', 'management'] },
  '/studies/:code': STUDY,
  '/studies/:code/protocol': STUDY,
  '/studies/:code/animals': STUDY,
  '/studies/:code/animals/:animal': STUDY,
  '/studies/:code/timeline': STUDY,
  '/studies/:code/records': STUDY,
  '/studies/:code/records/:number': STUDY,
  '/studies/:code/welfare': STUDY,
  '/studies/:code/review': STUDY,
  '/studies/:code/quality': STUDY,
  '/studies/:code/sign': STUDY,
  '/studies/:code/findings/:number': QUALITY,
  '/studies/:code/verify': STUDY,
  '/studies/:code/files': STUDY,
  '/studies/:code/bench': STUDY,
  '/studies/:code/bench/animals/:animal': STUDY,
  '/studies/:code/animals/:animal/label': STUDY,
  '/studies/:code/labels': STUDY,
  '/studies/:code/attach': STUDY,
  '/studies/:code/import': STUDY,
  '/studies/:code/bench/enter/:command': STUDY,
  '/studies/:code/records/:number/correct': STUDY,
  '/studies/:code/records/:number/void': STUDY,
  '/studies/:code/bench/dose': STUDY,
  '/studies/:code/bench/weights': STUDY,
  '/studies/:code/bench/stimulation': STUDY,
  '/studies/:code/bench/threshold': STUDY,
  '/studies/:code/find': STUDY,
  '/studies/:code/records.csv': STUDY,
  '/assets/:digest/:file': 'anyone',
  '/sign-in/oidc': 'anyone',
  '/sign-in/oidc/callback': 'anyone',
  '/me/link': 'by passkey',
};

/** Every other address that is posted to. */
export const POSTED: Readonly<Record<string, Rule>> = {
  '/api/v1/sign-in/passkey/options': 'anyone',
  '/api/v1/sign-in/passkey': 'anyone',
  '/api/v1/sign-in/simulated': 'anyone',
  '/api/v1/sign-out': 'anyone',
  '/api/v1/enrolment/options': 'anyone',
  '/api/v1/enrolment': 'anyone',
  '/api/v1/welfare/returns/:year/:format': ALL_STUDIES,
  '/api/v1/studies/:code/signatures/prepare': STUDY,
  '/api/v1/studies/:code/signatures': STUDY,
  '/api/v1/studies/:code/imports': CARE,
  '/api/v1/studies/:code/imports/preview': CARE,
  '/api/v1/studies/:code/imports/suggestion': CARE,
  '/studies/:code/attach': FILES,
  '/studies/:code/import': CARE,
  // What a form says, its command decides.
  '/studies/:code/protocol': STUDY,
  '/studies/:code/bench/enter/:command': STUDY,
  '/studies/:code/records/:number/correct': STUDY,
  '/studies/:code/records/:number/void': STUDY,
  '/studies/:code/bench/dose': STUDY,
  '/studies/:code/bench/weights': STUDY,
  '/studies/:code/bench/stimulation': STUDY,
  '/studies/:code/bench/threshold': STUDY,
  '/studies/:code/sign': STUDY,
  '/studies/new': { facility: ['director', 'management'] },
};

/** Addresses that bytes are sent to. */
export const SENT: Readonly<Record<string, Rule>> = {
  '/api/v1/studies/:code/attachments/:digest': FILES,
};
