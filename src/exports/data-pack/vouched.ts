import { qualityAssurance } from '../../study/projections/quality-assurance.projection.js';
import { attachmentsOf } from '../../study/attachments.js';
import { archiveOf } from '../../study/archive.js';
import { factsOf, isGoverned } from '../../study/study.js';
import { fileText, linesOver, signatureLines, signatureText } from '../signature-lines.js';
import { item, recordedOr, own, type Item, type Section, type Sources } from './section.js';

/** What somebody vouches for: signatures, reports, places, inspections. */
type Said = Pick<Section, 'items' | 'gaps'>;

const NOT_GOVERNED = 'the study was registered without signatures';

/** The protocol and its amendments, each with its signature. */
export function objectives({ view, opened, snapshot }: Sources): Said {
  const { study, protocols } = view;
  const objective = recordedOr('objective', opened?.data.objective, own(opened));
  const lines = signatureLines(study, snapshot);
  const all = [...protocols.versions, ...protocols.unsigned].toSorted((a, b) => a.holder - b.holder);
  const signed = all.map(({ holder, version }) => ({
    version,
    over: linesOver(lines, holder, study).filter(({ meaning }) => meaning === 'approved'),
  }));
  return {
    items: [
      ...objective.items,
      ...all.flatMap(({ version, holder, protocol }, i) => {
        const reason = study.records.at(holder)?.record.reason;
        const said = [protocol.title, reason].filter(Boolean).join('; reason: ');
        return [
          item(`protocol, version ${version}`, said, [holder]),
          ...signed[i]!.over.map((line) =>
            item(`signature on version ${version}`, signatureText(line), [holder, line.record]),
          ),
        ];
      }),
    ],
    gaps: [
      ...objective.gaps,
      ...(all.length === 0 ? ['protocol: none approved'] : []),
      ...(isGoverned(study)
        ? signed
            .filter(({ over }) => over.length === 0)
            .map(({ version }) => `signature on version ${version}: none`)
        : [`signature of the study director on protocol and amendments: ${NOT_GOVERNED}`]),
    ],
  };
}

/** The reports of contributors, by attachment with digest, and who signed the record of each. */
export function signedReports({ view: { study }, snapshot }: Sources): Said {
  const lines = signatureLines(study, snapshot);
  const reports = attachmentsOf(study).filter(
    ({ kind, withdrawnBy }) => kind === 'contributor-report' && withdrawnBy === undefined,
  );
  const over = reports.map(({ holder }) => linesOver(lines, holder, study));
  return {
    items: reports.flatMap((report, i) => [
      item(`report of ${report.contributor ?? 'a contributor who is not named'}`, fileText(report), [
        report.holder,
      ]),
      ...over[i]!.map((line) =>
        item(`signature on #${report.holder}`, signatureText(line), [report.holder, line.record]),
      ),
    ]),
    gaps: [
      ...(reports.length === 0
        ? [
            'signed and dated report of each contributing scientist: none is attached; attach each with its contributor',
          ]
        : []),
      ...reports
        .filter((_, i) => over[i]!.length === 0)
        .map(
          ({ holder }) =>
            `signature on #${holder}: none in the ledger; whether the file bears one, its reader sees`,
        ),
      'report of the study director: to be written by the study director, then attached and signed',
    ],
  };
}

/** Where everything is kept: the archive record, the ledger, files beside it, tissue. */
export function storage({ view, snapshot, animals }: Sources): Said {
  const { study } = view;
  const archive = archiveOf(study);
  const files = attachmentsOf(study).filter(({ withdrawnBy }) => withdrawnBy === undefined);
  const tissue = animals.flatMap(({ history }) =>
    factsOf(history, 'SubjectEuthanised').filter(({ data }) => data.tissue !== undefined),
  );
  return {
    items: [
      item(
        'raw data',
        `ledger of ${snapshot.facility}, study ${snapshot.code}, tree size ${snapshot.size}, root ${snapshot.root}`,
        [],
      ),
      ...files.map((file) => item(`file beside the log (${file.kind})`, fileText(file), [file.holder])),
      item('animals of which tissue was taken', tissue.length, tissue.flatMap(own)),
      ...(archive
        ? [
            item('place of what is not in the ledger', archive.location, [archive.record]),
            item('kept at least until', archive.retainUntil, [archive.record]),
          ]
        : []),
    ],
    gaps: [
      ...(archive
        ? []
        : [
            'place of specimens, papers and of the final report: the study is not archived at this tree size',
          ]),
      'how each specimen is labelled and found there: to be written by the archivist',
    ],
  };
}

/** What 58.35(b)(7) asks for, from the records of quality assurance. What was found is not in it. */
export function qualityStatement({ view, snapshot }: Sources): Said {
  const { inspections, unreported, unsigned } = qualityAssurance.project(view);
  const lines = signatureLines(view.study, snapshot);
  return {
    items: inspections.flatMap(({ record, phase, on, inspector, reported, signatures }) => {
      const days = (['director', 'management'] as const).map((to) => {
        const report = reported[to];
        return report ? `reported to ${to} on ${report.on}` : `not reported to ${to}`;
      });
      const cites = [record, ...Object.values(reported).flatMap((report) => report?.record ?? [])];
      return [
        item(`inspection: ${phase}`, [`on ${on} by ${inspector}`, ...days].join('; '), cites),
        ...signatures.flatMap(({ record: number }) =>
          lines
            .filter((line) => line.record === number)
            .map((line) => item(`signature on #${record}`, signatureText(line), [record, number])),
        ),
      ];
    }),
    gaps: [
      ...(inspections.length === 0 ? ['inspections, their dates and reports: none is recorded'] : []),
      ...(unreported.length > 0
        ? [`not reported to both director and management: #${unreported.join(' #')}`]
        : []),
      ...(unsigned.length > 0 ? [`not signed by quality assurance: #${unsigned.join(' #')}`] : []),
    ],
  };
}

/** 58.185(b) and (c): who signed what, and that a final report is corrected only by an amendment. */
export function signaturesGiven({ view: { study }, snapshot }: Sources): Said {
  const lines = signatureLines(study, snapshot);
  const items: Item[] = lines.map((line) =>
    item(line.meaning, `${signatureText(line)}; over ${line.over}`, [...line.covered, line.record]),
  );
  return {
    items,
    gaps: [
      ...(lines.length === 0 ? [`signatures: ${isGoverned(study) ? 'none yet' : NOT_GOVERNED}`] : []),
      'final report, signed and dated by the study director: to be written by the study director; attach it, and sign the record that names it',
      'a correction of the final report: only as an amendment of it by the study director, which names the part and the reason; attach it and sign its record',
    ],
  };
}
