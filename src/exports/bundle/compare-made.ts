/**
 * Makes the files of a bundle that people read again from its records, and compares them byte for byte. The verifier in a
 * bundle cannot do this: it has only the code that the records need.
 */
import { statSync } from 'node:fs';
import { hashToBase64 } from '../../tlog/encoding.js';
import { leafHash } from '../../tlog/merkle.js';
import { parseNote } from '../../tlog/note.js';
import { sha256 } from '../../shared/sha256.js';
import type { StoredStudyRecord, StudyRecord } from '../../study/record.js';
import { finish } from '../../study/steps.js';
import { UnknownRecordType, type Study } from '../../study/study.js';
import { View } from '../../study/projections/projection.js';
import { studySummary } from '../../study/projections/study-summary.js';
import { upcast } from '../../study/events/upcast.js';
import { versionOf } from '../../verify/bundle/verify-bundle.js';
import { readSelection } from '../../verify/bundle/partial.js';
import { Files, sha512OfFile } from '../../verify/runtime/files.js';
import { Findings } from '../../verify/checks/findings.js';
import type { Report } from '../../verify/checks/report.js';
import type { About } from './about.js';
import { tagFiles } from './bag-writer.js';
import { bagInfo } from './bag-info.js';
import { studyPeople } from '../../lab/people/study-people.js';
import { bundledLab } from './bundled-lab.js';
import { peopleIn } from './bundled-people.js';
import { madeFiles } from './made-files.js';
import { crate, CRATE } from './ro-crate.js';
import { DISCLOSURES, namesIn } from './names.js';
import { START_PAGE, startPage } from './start-page.js';
import { ATTACHMENTS, countAttachments } from './bundled-attachments.js';
import { recordsAbout, studyOfPart } from './selection.js';

/** A larger study is not folded: all of it would have to fit into memory. */
const MOST_RECORDS = 250_000;

const VERIFIER = 'data/ledger/verify.mjs';

/** What this program would put into a bundle. */
export interface OwnBuild {
  readonly version: string;
  /** Text of `verify.mjs`; undefined where it was not built. */
  readonly verifier: string | undefined;
}

/**
 * The report of a bundle whose records passed, with findings about everything else in it. What another version made is
 * left as not compared: it may be worded or ordered otherwise.
 */
export async function withMadeFiles(folder: string, report: Report, own: OwnBuild): Promise<Report> {
  const { exitCode, notCompared, logs } = report;
  const bag = new Files(folder);
  if (exitCode === 1 || !notCompared || versionOf(bag) !== own.version) return report;
  if (logs[0]!.size > MOST_RECORDS)
    return { ...report, notCompared: { ...notCompared, why: `more than ${MOST_RECORDS} records` } };
  const check = new MadeCheck(bag, own);
  const obstacle = await check.run(report);
  if (obstacle !== undefined) return { ...report, notCompared: { ...notCompared, why: obstacle } };
  const left = notCompared.files.filter((path) => !check.expected.has(path));
  for (const path of left)
    check.findings.fail('layout', 'bundle', `${path} is no file that version ${own.version} writes`);
  const { notCompared: _, ...rest } = report;
  const failed = check.findings.has('fail') && { exitCode: 1 as const, verdict: 'FAIL' as const };
  const isBuilt = own.verifier !== undefined;
  const same = `All other files${isBuilt ? '' : ' but verify.mjs'} were made again by version ${own.version} and are the same.`;
  return {
    ...rest,
    ...failed,
    ...(isBuilt ? {} : { notCompared: { files: [VERIFIER], why: 'this program was built without it' } }),
    findings: [...report.findings, ...check.findings.list],
    summary: failed ? report.summary : [...report.summary, same],
  };
}

class MadeCheck {
  readonly findings = new Findings();
  readonly expected = new Set<string>([VERIFIER]);

  constructor(
    private readonly bag: Files,
    private readonly own: OwnBuild,
  ) {}

  /** Returns why nothing could be made, where that is so. */
  async run(report: Report): Promise<string | undefined> {
    const source = await this.source(report);
    if (typeof source === 'string') return source;
    const { about, study } = source;
    if (this.own.verifier !== undefined) this.compare(VERIFIER, Buffer.from(this.own.verifier));
    for await (const { path, parts } of madeFiles(about, study))
      this.compare(
        `data/${path}`,
        Buffer.concat([...parts].map((part) => (typeof part === 'string' ? Buffer.from(part) : part))),
      );
    const written = this.bag
      .list('data')
      .filter((path) => path !== CRATE)
      .map((name) => this.written(`data/${name}`));
    this.compare(`data/${CRATE}`, Buffer.from(crate(about, written)));
    const all = [...written, this.written(`data/${CRATE}`)].sort((a, b) => (a.path < b.path ? -1 : 1));
    const tags = { ...tagFiles(bagInfo(about), all), [START_PAGE]: startPage(about, study) };
    for (const [path, text] of Object.entries(tags)) this.compare(path, Buffer.from(text));
    return undefined;
  }

  /** What the bundle says of itself, by its records and by the anchor that they were checked against. */
  private async source(report: Report): Promise<{ about: About; study: Study } | string> {
    const { bag } = this;
    const lab = await bundledLab(bag.root);
    const [{ log, size, root }, { size: labSize }] = report.logs as [Report['logs'][0], Report['logs'][0]];
    const code = log.slice('study-'.length);
    const selection = readSelection(new Files(bag.path('data/ledger')), this.findings);
    const lines = this.linesOf('study');
    const labTexts = this.linesOf('lab');
    const records = lines.map((line, i) => ({
      number: selection?.numbers[i] ?? i,
      leaf: hashToBase64(leafHash(sha256, line)),
      record: upcast(JSON.parse(line) as StudyRecord),
    }));
    const anchor = lab.anchors.get(log)?.find((one) => one.size >= size);
    if (!anchor || records[0]?.number !== 0) return 'no anchor covers the records, or record 0 is not here';
    const study = attemptFold(code, size, records);
    if (typeof study === 'string') return study;
    const subject = selection?.subject;
    if (subject !== undefined && recordsAbout(study, subject).join() !== selection!.numbers.join())
      this.findings.fail('layout', 'bundle', `the records here are not the records about ${subject}`);
    const { title } = studySummary(new View(study)) as { title: string | null };
    const { signatures } = parseNote(bag.peek('data/ledger/lab/checkpoint').toString());
    const about: About = {
      code,
      title: title ?? '',
      facility: lab.facility,
      simulated: lab.simulated,
      size,
      root,
      labSize,
      labVkey: lab.keyInForce('lab'),
      anchor: { record: anchor.lab, size: anchor.size, recorded: anchor.recorded },
      partial: selection && { subject: selection.subject, records: records.length },
      attachments: countAttachments(study, (sha256) => bag.isFile(`data/${ATTACHMENTS}/${sha256}`)),
      names: this.names(labTexts, records),
      people: finish(studyPeople(study, peopleIn(labTexts))),
      witnessed: signatures.some(({ name }) => name !== lab.origin('lab')),
      version: this.own.version,
    };
    return { about, study };
  }

  private linesOf(log: 'study' | 'lab'): string[] {
    return this.bag.peek(`data/ledger/${log}/records.ndjson`).toString().split('\n').slice(0, -1);
  }

  /** Those that the bundle discloses. */
  private names(
    labTexts: readonly string[],
    records: readonly StoredStudyRecord[],
  ): ReadonlyMap<string, string> {
    const { bag, expected } = this;
    const names = namesIn(labTexts, records, (digest) => {
      const path = `data/${DISCLOSURES}/${digest}`;
      return bag.isFile(path) ? bag.peek(path).toString('latin1') : undefined;
    });
    for (const { digest } of names) expected.add(`data/${DISCLOSURES}/${digest}`);
    return new Map(names.map(({ person, name }) => [person, name]));
  }

  private compare(path: string, wanted: Buffer): void {
    this.expected.add(path);
    if (!this.bag.isFile(path)) return this.findings.fail('page', 'bundle', `${path} is not there`);
    const found = this.bag.peek(path);
    if (!found.equals(wanted))
      this.findings.fail('page', 'bundle', `${path} is not what the records say${differing(found, wanted)}`);
  }

  private written(path: string) {
    const file = this.bag.path(path);
    return { path, bytes: statSync(file).size, sha512: sha512OfFile(file) };
  }
}

/** Returns why the records cannot be folded, where that is so. */
function attemptFold(code: string, size: number, records: readonly StoredStudyRecord[]): Study | string {
  try {
    return studyOfPart(code, size, records);
  } catch (error) {
    if (error instanceof UnknownRecordType) return error.message;
    throw error;
  }
}

/** The first line that differs, as it should be. */
function differing(found: Buffer, wanted: Buffer): string {
  const [is, should] = [found.toString().split('\n'), wanted.toString().split('\n')];
  const at = should.findIndex((line, i) => line !== is[i]);
  if (at < 0) return `: it goes on after line ${should.length}`;
  return `, from line ${at + 1} on, which should be “${should[at]!.slice(0, 200).replace(/\p{C}/gu, '�')}”`;
}
