import { fileNamed, FILES } from '../../exports/files.js';
import { ReturnBody, RETURN_EXAMPLE } from '../../welfare/returns/return-body.js';
import type { Readers } from '../../lab/people/reading.js';
import { ACCESS_READERS, ADMINISTRATION, READERS_OF_ALL, STUDY_READERS, QUALITY } from '../../study/who.js';
import type { ProblemCode } from '../platform/problems.js';
import { API } from '../../shared/api-prefix.js';
import { SIGNATURE_READS } from './signature-routes.js';
import { evidence } from './evidence-routes.js';
import { PARAMETERS } from './parameters.js';
import type { ReadRoute } from './read-route.js';

const AS_OF = ['at', 'until', 'atLeast'] as const;
const HOURS = ['hours', 'weekends'] as const;
const AS_OF_REFUSALS: readonly ProblemCode[] = [
  'study-unknown',
  'at-invalid',
  'at-beyond-head',
  'until-invalid',
];

const THE_STUDY: Readers = { study: STUDY_READERS };
const OF_ALL: Readers = { facility: READERS_OF_ALL };
const OF_ACCESS: Readers = { facility: ACCESS_READERS };

/** One study where one is named, otherwise all of them. */
function readersOfFeed(url: string) {
  const study = new URL(url, 'http://localhost').searchParams.get('study');
  return study === null ? { readers: OF_ALL } : { readers: THE_STUDY, study };
}

export const BYTES = 'application/octet-stream';
const ZIP = 'application/zip';
export const NDJSON = 'application/x-ndjson';
export const EVENT_STREAM = 'text/event-stream';
const ofStudy = evidence(`${API}/studies/:code`, THE_STUDY, ['study-unknown']);
const ofLab = evidence(`${API}/lab`, 'signed-in', []);
const ofAccess = evidence(`${API}/access`, OF_ACCESS, []);

const FILE_TYPES = [...new Set(FILES.map(({ mediaType }) => mediaType))];

/** The parameters that only some files take. */
const FORMS = Object.fromEntries(
  (['separator', 'decimal', 'paw', 'assay', 'bounds', 'excluded'] as const).map((form) => {
    const files = FILES.filter(({ options }) => options.includes(form)).map(({ name }) => `\`${name}\``);
    return [form, `${PARAMETERS[form].description} Of ${files.join(', ')}.`];
  }),
);

/** Every read of the ledger, for the controllers, the OpenAPI document and the page. */
export const READS = {
  studies: {
    path: `${API}/studies`,
    summary: 'Every study of this ledger, with how far it is',
    readers: 'signed-in',
    parameters: ['atLeast'],
    refusals: [],
  },
  study: {
    path: `${API}/studies/:code`,
    summary: 'One study: what it is, how far it is, under which protocol',
    readers: THE_STUDY,
    parameters: AS_OF,
    refusals: AS_OF_REFUSALS,
  },
  projections: {
    path: `${API}/studies/:code/projections`,
    summary: 'The projections there are, by name',
    readers: THE_STUDY,
    parameters: AS_OF,
    refusals: AS_OF_REFUSALS,
  },
  projection: {
    path: `${API}/studies/:code/projections/:name`,
    summary: 'A projection: an answer computed from the records up to a tree size and from nothing else',
    readers: THE_STUDY,
    parameters: [...AS_OF, 'subject', ...HOURS],
    parametersAt: ({ name }) => [...AS_OF, 'subject', ...(name === 'review' ? HOURS : [])],
    refusals: [...AS_OF_REFUSALS, 'projection-unknown', 'subject-unknown'],
  },
  due: {
    path: `${API}/studies/:code/due`,
    summary: 'What each animal waits for by the protocol: from when, due when, overdue when, and why',
    readers: THE_STUDY,
    parameters: [...AS_OF, 'subject'],
    answer:
      'The projection `due` at an address of its own. It knows no clock: a program compares the times with its own.',
    refusals: [...AS_OF_REFUSALS, 'subject-unknown'],
  },
  file: {
    path: `${API}/studies/:code/files/:file`,
    summary: 'A table, data set or report of the study, made from the records up to a tree size',
    readers: THE_STUDY,
    parameters: ['at', 'atLeast', 'separator', 'decimal', 'paw', 'assay', 'bounds', 'excluded'],
    parametersAt: ({ file }) => ['at', 'atLeast', ...(fileNamed(file ?? '')?.options ?? [])],
    about: FORMS,
    text: FILE_TYPES,
    refusals: [
      'study-unknown',
      'at-invalid',
      'at-beyond-head',
      'file-unknown',
      'assay-unknown',
      'separator-is-decimal',
      'sheet-too-long',
    ],
  },
  records: {
    path: `${API}/studies/:code/records`,
    summary: 'Records as they were stored, in record order, a page at a time',
    readers: THE_STUDY,
    parameters: ['from', 'limit', 'actor', 'subject', 'type', 'flag', 'since', 'before', ...AS_OF],
    refusals: AS_OF_REFUSALS,
  },
  record: {
    path: `${API}/studies/:code/records/:number`,
    summary: 'One record, with what corrected, withdrew or acknowledged it',
    readers: THE_STUDY,
    parameters: AS_OF,
    refusals: [...AS_OF_REFUSALS, 'record-unknown'],
  },
  findings: {
    path: `${API}/studies/:code/records/:number/findings`,
    summary: 'What quality assurance found in an inspection, for quality assurance alone',
    readers: { study: QUALITY },
    parameters: [],
    refusals: ['study-unknown', 'record-unknown', 'not-an-inspection'],
  },
  mappings: {
    path: `${API}/studies/:code/mappings`,
    summary: 'The mappings of spreadsheets that are saved in the study, the newest first',
    readers: THE_STUDY,
    parameters: ['atLeast'],
    refusals: ['study-unknown'],
  },
  mapping: {
    path: `${API}/studies/:code/mappings/:digest`,
    summary: 'A mapping of a spreadsheet, as `study-ledger import --mapping` takes it',
    readers: THE_STUDY,
    parameters: ['atLeast'],
    text: ['application/json'],
    refusals: ['study-unknown', 'mapping-unknown'],
  },
  attachments: {
    path: `${API}/studies/:code/attachments`,
    summary: 'The files of the study, with digest, size, who attached them and when',
    readers: THE_STUDY,
    parameters: ['atLeast'],
    refusals: ['study-unknown'],
  },
  attachment: {
    path: `${API}/studies/:code/attachments/:digest`,
    summary: 'The bytes of a file that a record of the study names by SHA-256',
    readers: THE_STUDY,
    parameters: ['atLeast'],
    text: [BYTES],
    answer: 'The bytes, hashed before and while they are sent, with the media type of the record.',
    headers: { request: {}, response: { 'Content-Disposition': 'A browser saves it and does not show it.' } },
    put: {
      summary: 'Sends the bytes of a file, before AddAttachment names them',
      refusals: [
        'attachment-differs',
        'attachment-quota',
        'file-too-large',
        'request-malformed',
        'study-unfinished',
        'study-unknown',
      ],
    },
    refusals: ['study-unknown', 'attachment-damaged', 'attachment-missing', 'attachment-unknown'],
  },
  nextFilament: {
    path: `${API}/studies/:code/next-filament`,
    summary: 'The filament to apply next in a run under way, and the threshold so far',
    readers: THE_STUDY,
    parameters: ['touches', ...AS_OF],
    refusals: [
      ...AS_OF_REFUSALS,
      'no-protocol',
      'touches-invalid',
      'filament-not-in-ladder',
      'run-invalid',
      'run-leaves-ladder',
    ],
  },
  feed: {
    path: `${API}/feed`,
    summary:
      'The records of every study, a line or an event each, from a cursor on: for programs that follow',
    readers: readersOfFeed,
    parameters: ['cursor', 'follow', 'study', 'type'],
    text: [NDJSON, EVENT_STREAM],
    answer:
      'Each record once, each study in its own order. A line is the stored record with `feedcursor` added at its end, the place just after it; an event has that place as `id` and the stored record as `data`.',
    headers: {
      request: { 'Last-Event-ID': 'The `id` of the last event; goes before `cursor`.' },
      response: {
        Link: 'rel="next": where to ask again once this answer was read to its end. Not where it follows.',
        'Study-Ledger-Left-Out':
          'Codes of studies that are left out because records of them are missing or were changed, or `none`.',
        'Study-Ledger-Simulated': 'Whether the animals of this ledger are simulated: `true` or `false`.',
      },
    },
    refusals: ['cursor-beyond-head', 'cursor-invalid', 'not-acceptable', 'study-unknown', 'too-many-feeds'],
  },
  welfareAlerts: {
    path: `${API}/welfare/alerts`,
    summary: 'Humane endpoints of all studies that were reached and wait for a decision',
    readers: 'signed-in',
    parameters: [],
    refusals: [],
  },
  welfareReturn: {
    path: `${API}/welfare/returns/:year/:format`,
    summary: 'The return of a year over all studies: the form and its side files, zipped',
    readers: OF_ALL,
    parameters: ['gaps'],
    text: [ZIP],
    body: {
      summary: 'The return of a year by codes of the laboratory’s own, or as of the sizes of an earlier one',
      schema: ReturnBody,
      example: RETURN_EXAMPLE,
      refusals: ['at-beyond-head', 'at-file-differs', 'at-file-invalid', 'codes-invalid', 'root-differs'],
    },
    refusals: ['format-unknown', 'return-has-gaps', 'return-inconsistent'],
  },
  checkpoint: ofStudy.checkpoint,
  proof: ofStudy.proof,
  consistency: ofStudy.consistency,
  labRecords: {
    path: `${API}/lab/records`,
    summary: 'The records of the lab as they were stored: studies, keys, anchors, time stamps',
    readers: 'signed-in',
    parameters: ['from', 'limit', 'atLeast'],
    refusals: [],
  },
  people: {
    path: `${API}/lab/people`,
    summary: 'Who there is, with roles, passkeys, links and tokens, at any size of the lab log',
    readers: { facility: ADMINISTRATION },
    parameters: ['at', 'atLeast'],
    about: { at: 'A size of the lab log; the newest where left out.' },
    refusals: ['at-invalid', 'at-beyond-head'],
  },
  me: {
    path: `${API}/me`,
    summary: 'Who one is, in which roles, and how long the session lasts',
    readers: 'oneself',
    parameters: [],
    refusals: [],
  },
  ...SIGNATURE_READS,
  labCheckpoint: ofLab.checkpoint,
  labProof: ofLab.proof,
  labConsistency: ofLab.consistency,
  accessRecords: {
    path: `${API}/access/records`,
    summary: 'The records of what was taken out, as they were stored',
    readers: OF_ACCESS,
    parameters: ['from', 'limit', 'atLeast'],
    refusals: [],
  },
  accessCheckpoint: ofAccess.checkpoint,
  accessProof: ofAccess.proof,
  accessConsistency: ofAccess.consistency,
} as const satisfies Record<string, ReadRoute>;
