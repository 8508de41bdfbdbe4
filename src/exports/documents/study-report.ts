import { auditTrail, type TrailRecord } from '../../study/projections/audit-trail.projection.js';
import { View } from '../../study/projections/projection.js';
import {
  responderStatus,
  type CaveatedVerdict,
  type ResponderStatus,
} from '../../study/projections/responder-status.projection.js';
import { studyFlow } from '../../study/projections/study-flow.projection.js';
import { studySummary } from '../../study/projections/study-summary.js';
import { drugIn, isSectionPlanned } from '../../study/rules/planned.js';
import { cited, figure, heading, paragraph, tableOf, type Block, type Document } from './document.js';
import { flowDiagram } from '../figures/flow-diagram.js';
import { departureInWords } from './type-in-words.js';
import { personsTable } from '../persons.js';
import { SIMULATED_NOTICE, archivedText, snapshotName, type FileSource, type Snapshot } from '../snapshot.js';
import { animalBlocks } from './report-animal.js';
import { changesInWords } from './report-changes.js';
import { signatureBlocks } from './report-signatures.js';
import { methodBlocks } from './report-methods.js';
import { printInstant } from '../../study/instant.js';

/** The study as a report: course, verdicts, every animal with its figures, corrections, deviations, methods. */
export function studyReport(source: FileSource): Document {
  const { study, snapshot } = source;
  const view = new View(study);
  const { records } = auditTrail.project(view);
  return {
    title: `${snapshot.code}: ${snapshot.title}`,
    ...frameOf(snapshot),
    blocks: [
      ...identity(view, source),
      ...course(view),
      ...responders(view),
      ...methodBlocks(view),
      ...animalBlocks(view),
      ...corrections(records),
      ...persons(source),
      ...signatureBlocks(source),
      ...deviations(records),
    ],
  };
}

/** Notice, foot and date, as every document of the study has them. */
export function frameOf(snapshot: Snapshot): Pick<Document, 'notice' | 'foot' | 'dated'> {
  const { code, size, root, version, simulated, recorded, archived } = snapshot;
  return {
    notice: simulated ? SIMULATED_NOTICE : undefined,
    foot: `Study ${code}${archivedText(archived)} at tree size ${size}, root ${root} · made from records 0 to ${size - 1} by Study Ledger ${version} · not evidence itself: the records are`,
    dated: recorded,
  };
}

function identity(view: View, { snapshot, people }: FileSource): Block[] {
  const { director, ethicsApproval, protocol, state } = studySummary(view) as {
    director: string | null;
    ethicsApproval: string | null;
    protocol: { version: number; record: number; title: string } | null;
    state: string;
  };
  const rows = [
    ['Study', `${snapshot.code} (${state}${archivedText(snapshot.archived).replace(', archived', '')})`],
    ['Facility', snapshot.facility],
    ['Study director', `${director ?? 'not recorded'}${people.directorAbsent ? ' (director-absent)' : ''}`],
    ['Ethics approval', ethicsApproval ?? 'not recorded'],
    [
      'Protocol',
      protocol
        ? `version ${protocol.version}, record #${protocol.record}: ${protocol.title}`
        : 'none approved',
    ],
    [
      'State shown',
      `tree size ${snapshot.size}: records 0 to ${snapshot.size - 1}, the last written ${printInstant(snapshot.recorded)}`,
    ],
    ['Root', snapshot.root],
    ['Files of this state', `${snapshotName(snapshot)}…`],
  ];
  return [
    tableOf(
      [
        ['', 1],
        ['', 4],
      ],
      rows,
    ),
    paragraph(
      'Computed from the records of the ledger alone: the same tree size gives the same report, byte for byte. ' +
        'Numbers such as #57 are record numbers. The ledger is GLP-style and designed to help a facility meet 21 CFR 58 and 11; ' +
        'this report is unsigned, and whether the study meets a rule is for its director and quality assurance to say.',
    ),
  ];
}

function course(view: View): Block[] {
  const flow = studyFlow.project(view);
  return [
    heading('Course of the study'),
    figure(
      flowDiagram(flow, drugIn(view.protocols.versions.at(-1)?.protocol)),
      'Animals by stage. Deaths as the protocol plans them are not drawn.',
    ),
    tableOf(
      [
        ['stage', 2],
        ['animals', 1],
        ['which', 7],
      ],
      flow.stages.map(({ stage, count, subjects }) => [stage, count, subjects.join(', ')]),
    ),
    heading('Exclusions', 3),
    tableOf(
      [
        ['animal', 1],
        ['record', 1],
        ['when', 2],
        ['after', 1.5],
        ['prespecified', 1.2],
        ['criterion', 1.6],
        ['reason', 3],
      ],
      flow.exclusions.map((one) => [
        one.subject,
        `#${one.record}`,
        printInstant(one.occurredAt),
        one.after,
        one.prespecified ? 'yes' : 'no',
        one.criterion,
        one.reason,
      ]),
    ),
  ];
}

function responders(view: View): Block[] {
  const { subjects } = responderStatus.project(view);
  if (!isSectionPlanned('stimulation', view.protocols) && !isSectionPlanned('titration', view.protocols))
    return hypersensitive(subjects);
  return [
    heading('Who responds', 2, true),
    paragraph(
      'An increase of the withdrawal threshold is relief. Each verdict names its margin to the limit; a borderline one lies within the band that the protocol sets around the limit.',
    ),
    tableOf(
      [
        ['animal', 1.3],
        ['hypersensitive', 2],
        ['stimulation alone', 2.2],
        ['sub-effective dose', 1.8],
        [`${drugIn(view.protocols.versions.at(-1)?.protocol)} + stimulation`, 2.2],
        ['converted', 1.3],
        ['rests on', 3.6],
      ],
      subjects.map((status) => [
        status.excluded ? `${status.subject} (excluded)` : status.subject,
        verdictText(status.verdicts.hypersensitivity, 'yes', 'no'),
        verdictText(status.verdicts.scs, 'responder', 'non-responder'),
        status.subEffectiveDose
          ? `${status.subEffectiveDose.dose} (#${status.subEffectiveDose.record})`
          : '–',
        verdictText(status.verdicts.combination, 'responder', 'non-responder'),
        status.converted === null ? '–' : status.converted ? 'yes' : 'no',
        cited(Object.values(status.verdicts).flatMap(({ evidence }) => evidence)),
      ]),
    ),
    ...settings(subjects),
  ];
}

function settings(subjects: readonly ResponderStatus[]): Block[] {
  const rows = subjects.flatMap(({ subject, settings: all = [] }) => all.map((one) => ({ subject, ...one })));
  if (rows.length === 0) return [];
  return [
    heading('Who responds to which setting', 3),
    paragraph('A sham is judged by the same rule, and is never the response.'),
    tableOf(
      [
        ['animal', 1.3],
        ['setting', 2],
        ['stimulation alone', 2.2],
        ['after a dose', 2.2],
        ['rests on', 3.6],
      ],
      rows.map(({ subject, setting, sham, verdicts: { scs, combination } }) => [
        subject,
        sham ? `${setting} (sham)` : setting,
        verdictText(scs, 'responder', 'non-responder'),
        verdictText(combination, 'responder', 'non-responder'),
        cited([...scs.evidence, ...combination.evidence]),
      ]),
    ),
  ];
}

/** In a study without stimulation and titration no more is said of an animal as a whole: its doses stand on its own page. */
function hypersensitive(subjects: readonly ResponderStatus[]): Block[] {
  return [
    heading('Who is hypersensitive', 2, true),
    paragraph(
      'Each verdict names its margin to the limit; a borderline one lies within the band that the protocol sets around the limit.',
    ),
    tableOf(
      [
        ['animal', 1.3],
        ['hypersensitive', 2],
        ['rests on', 3.6],
      ],
      subjects.map(({ subject, excluded, verdicts: { hypersensitivity } }) => [
        excluded ? `${subject} (excluded)` : subject,
        verdictText(hypersensitivity, 'yes', 'no'),
        cited(hypersensitivity.evidence),
      ]),
    ),
  ];
}

function verdictText({ holds, why, margin, borderline }: CaveatedVerdict, yes: string, no: string): string {
  if (holds === null) return `– (${(why ?? '').replaceAll('-', ' ')})`;
  const by = margin === null ? '' : `, margin ${margin.toFixed(3).replace('-', '−')}`;
  return `${holds ? yes : no}${by}${borderline ? ', borderline' : ''}`;
}

function persons(source: FileSource): Block[] {
  return [
    heading('Persons of this study'),
    paragraph(
      'Everybody who made a record or is named in one, from the first such record to the last. Role-conflict: roles that the same human held together and that should be separate.',
    ),
    personsTable(source),
  ];
}

function corrections(records: readonly TrailRecord[]): Block[] {
  return [
    heading('Corrections, withdrawals and amendments', 2, true),
    paragraph('Nothing was overwritten: the earlier record stays, under its number.'),
    tableOf(
      [
        ['record', 0.9],
        ['of', 0.9],
        ['animal', 0.9],
        ['recorded', 2],
        ['by', 1.8],
        ['before → after', 5],
        ['reason', 2.6],
      ],
      records
        .filter(({ supersedes, amended }) => supersedes !== null || amended)
        .map((record) => [
          `#${record.record}`,
          record.supersedes === null ? 'protocol' : `#${record.supersedes}`,
          record.subject,
          printInstant(record.recordedAt),
          `${record.actor} (${record.role})`,
          changesInWords(record),
          record.reason,
        ]),
    ),
  ];
}

/** Nobody reads more rows on paper; the audit trail has all. */
const MAX_ROWS = 1000;

function deviations(records: readonly TrailRecord[]): Block[] {
  const flagged = records.filter(({ flags }) => flags.length > 0);
  const rest = flagged.length - MAX_ROWS;
  const acknowledged = new Map(
    records
      .filter(({ type }) => type === 'DeviationAcknowledged')
      .map((record) => [(record.data as { target: { number: number } }).target.number, record]),
  );
  return [
    heading('Deviations, late entries, implausible values'),
    tableOf(
      [
        ['record', 0.9],
        ['animal', 0.9],
        ['what', 2],
        ['happened', 2],
        ['flags', 2.4],
        ['reason', 3],
        ['assessment', 3],
      ],
      flagged.slice(0, MAX_ROWS).map((record) => {
        const assessment = acknowledged.get(record.record);
        return [
          `#${record.record}`,
          record.subject,
          departureInWords(record),
          printInstant(record.occurredAt),
          record.flags.join(', '),
          record.reason,
          assessment
            ? `#${assessment.record}: ${(assessment.data as { assessment: string }).assessment}`
            : 'not assessed',
        ];
      }),
    ),
    ...(rest > 0 ? [paragraph(`${rest} more are in the audit trail.`)] : []),
  ];
}
