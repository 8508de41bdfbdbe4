/** An audit bundle: one study, with everything that is needed to check it elsewhere. */
import { counted } from '../../shared/counted.js';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Anchoring } from '../../anchoring/anchoring.js';
import type { WatchStatus } from '../../shared/watch-status.js';
import { studyLog } from '../../lab/origins.js';
import { studyPeople } from '../../lab/people/study-people.js';
import { finish } from '../../study/steps.js';
import { isKnownAnimal } from '../../study/projections/concerns.js';
import { View } from '../../study/projections/projection.js';
import { studySummary } from '../../study/projections/study-summary.js';
import { studyAt, type Study } from '../../study/study.js';
import { verifyBundle } from '../../verify/bundle/verify-bundle.js';
import { CheckerPool } from '../../verify/runtime/pool.js';
import { allSchemas } from '../../verify/folder/record-schemas.js';
import { reportText, type Report } from '../../verify/checks/report.js';
import { bundleName, expectedVerdict, type About } from './about.js';
import { BagWriter } from './bag-writer.js';
import { countAttachments, wholeAttachments } from './bundled-attachments.js';
import { coveringAnchor, newestAnchor, publishedLab } from './evidence.js';
import { ExportError } from '../export-error.js';
import { isFree } from '../target-path.js';
import type { ExportRequest, ExportSource, Prepared } from './export-request.js';
import { namesIn, type BundledName } from './names.js';
import { recordsAbout, studyOfPart } from './selection.js';
import { writeBag } from './write-bag.js';
import { packZip } from './bundle-zip.js';
import { addSignatures } from '../../tlog/sign.js';

export interface Exported {
  readonly about: About;
  /** SHA-256 of the bag's tag manifest, hex: as the access log has it. */
  readonly sha256: string;
  readonly report: Report;
}

/**
 * Writes the bundle into a working folder, verifies it as its receiver will, records the export, and then moves the bundle
 * into its place.
 * @throws ExportError
 */
export async function exportBundle(source: ExportSource, request: ExportRequest): Promise<Exported> {
  const { to, who, code } = request;
  const target = resolve(to);
  mustBeFree(target);
  const parent = dirname(target);
  mkdirSync(parent, { recursive: true });
  const work = mkdtempSync(join(parent, '.study-ledger-export-'));
  try {
    const prepared = await prepare(source, request);
    const bag = new BagWriter(join(work, 'bag'));
    mkdirSync(bag.folder);
    const sha256 = await writeBag(source, request, prepared, bag);
    const report = await checked(bag.folder, prepared.about);
    const packed = target.endsWith('.zip') ? join(work, 'bag.zip') : bag.folder;
    if (packed !== bag.folder) packZip(bag.folder, bundleName(prepared.about), packed);
    if (who) {
      const { size, root, partial } = prepared.about;
      const subject = partial && { subject: partial.subject };
      await source.engine.recordExport({ study: code, size, root, ...subject, sha256 }, who);
    }
    if (existsSync(target)) rmSync(target, { recursive: true });
    renameSync(packed, target);
    return { about: prepared.about, sha256, report };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function prepare(
  source: ExportSource,
  { code, at, subject, version, who, names: withNames = false }: ExportRequest,
): Promise<Prepared> {
  const { engine, folder, anchoring } = source;
  const log = studyLog(code);
  if (!(await engine.lab()).studies.has(code))
    throw new ExportError('study-unknown', `There is no study ${code} in this ledger.`);
  const open = await engine.study(code);
  const size = at ?? open.size;
  if (size < 1 || size > open.size)
    throw new ExportError(
      'at-invalid',
      `Study ${code} has ${counted(open.size, 'record')}: give --at a tree size from 1 to ${open.size}.`,
    );
  const refused = async () => anchoring && (await engine.refusal('ExportBundle'));
  let { anchor, lab } = await evidenceFor(source, code, size);
  if (who && (!lab || lab.lacksQuorum || (await refused()))) {
    await anchoring?.anchor({ reason: 'export', logs: [log] });
    ({ anchor, lab } = await evidenceFor(source, code, size));
  }
  const refusal = await refused();
  if (refusal) throw new ExportError(refusal.code, refusal.message);
  if (!anchor || !lab)
    throw who
      ? couldNotAnchor(code, anchoring)
      : notAnchored(code, size, (await engine.lab()).anchors.get(log)?.size ?? 0);
  if (lab.lacksQuorum) throw await notWitnessed(source, code);
  const studyNote = folder.anchors.noteAt(log, anchor.size);
  if (studyNote === undefined)
    throw new ExportError(
      'note-missing',
      `anchors/${log}-${anchor.size}.note is missing: it holds the signed head of the study. Restore it from a backup.`,
    );
  const whole = studyAt(open.state, size);
  if (subject !== undefined && !isKnownAnimal(whole, subject))
    throw new ExportError('subject-unknown', `There is no animal ${subject} in study ${code}.`);
  const only = subject === undefined ? undefined : new Set(recordsAbout(whole, subject));
  const study = only
    ? studyOfPart(
        code,
        size,
        whole.records.toArray().filter(({ number }) => only.has(number)),
      )
    : whole;
  const names = withNames ? await namesFor(source, lab.size, whole, only) : [];
  // A part has no files: they may be about other animals.
  const attachments = only ? new Set<string>() : await wholeAttachments(study, engine.attachments);
  const state = await engine.lab();
  const cosignatures = folder.anchors.cosignatures(lab.size, 'first');
  const { title } = studySummary(new View(study)) as { title: string | null };
  const about: About = {
    code,
    title: title ?? '',
    facility: state.facility,
    simulated: state.simulated,
    size,
    root: open.root(size),
    labSize: lab.size,
    labVkey:
      state.keys.get(`${state.facility}/ledger/lab`)?.findLast(({ number }) => number < lab.size)?.vkey ?? '',
    anchor,
    partial: only && { subject: subject!, records: only.size },
    witnessed: cosignatures.length > 0,
    names: new Map(names.map(({ person, name }) => [person, name])),
    people: finish(studyPeople(study, state.people)),
    attachments: countAttachments(study, (sha256) => attachments.has(sha256)),
    version,
  };
  const labNote =
    cosignatures.length > 0 ? addSignatures(lab.note, cosignatures.join('').split(/(?<=\n)/)) : lab.note;
  return { about, study, anchor, lab, labNote, studyNote, only, names, attachments };
}

/** The names that the records in the bundle need, as the lab in the bundle has them. */
async function namesFor(
  { engine, folder }: ExportSource,
  labSize: number,
  { records }: Study,
  only: ReadonlySet<number> | undefined,
): Promise<BundledName[]> {
  const lab: string[] = [];
  for await (const page of engine.store.read('lab'))
    for (const { number, text } of page) if (number < labSize) lab.push(text);
  const shown = records.toArray().filter(({ number }) => !only || only.has(number));
  return namesIn(lab, shown, (digest) => folder.disclosures.find(digest));
}

/** The anchor that covers a size, and the published lab checkpoint that covers the anchor. */
async function evidenceFor(
  { engine, folder }: ExportSource,
  code: string,
  size: number,
): Promise<Partial<Pick<Prepared, 'anchor' | 'lab'>>> {
  const anchor = await coveringAnchor(engine, code, size);
  const lab = anchor && publishedLab(folder, anchor.record, engine.clock());
  return { ...(anchor && { anchor }), ...(lab && { lab }) };
}

/** Runs the receiver's check with the lab's key pinned. @throws ExportError where it does not pass */
async function checked(folder: string, about: About): Promise<Report> {
  const schemas = allSchemas();
  const worker = new URL('../../verify/runtime/chunk-worker.js', import.meta.url);
  const checker = new CheckerPool({ schemas, worker });
  try {
    const report = await verifyBundle(folder, {
      schemas,
      checker,
      version: about.version,
      labVkey: about.labVkey,
      now: Date.parse(about.anchor.recorded),
    });
    if (report.exitCode === 1 || report.verdict !== expectedVerdict(about).verdict)
      throw new ExportError(
        'not-verified',
        `The bundle does not verify, so it was not exported. Run study-ledger verify on the ledger.\n${reportText(report)}`,
      );
    return report;
  } finally {
    await checker.close();
  }
}

function notAnchored(code: string, size: number, anchored: number): ExportError {
  const earlier = anchored > 0 ? `take the size that is anchored with --at ${anchored}, ` : '';
  return new ExportError(
    'not-anchored',
    `Study ${code} is not anchored at size ${size} yet, and an unrecorded export anchors nothing. Wait for the server to do it, ${earlier}or stop the server.`,
  );
}

async function notWitnessed({ engine }: ExportSource, code: string): Promise<ExportError> {
  const { quorum, witnesses = [] } = (engine.watch.status(engine.labNow) ?? {}) as Partial<WatchStatus>;
  const earlier = await newestAnchor(engine, code, quorum?.size ?? 0);
  const waiting = witnesses
    .filter(({ failures }) => failures > 0)
    .map(({ name, problem }) => `${name}: ${problem}`);
  const who = waiting.length === 0 ? '' : ` (${waiting.join('; ')})`;
  const what = earlier === undefined ? '' : `, or take the size that they have cosigned with --at ${earlier}`;
  return new ExportError(
    'not-witnessed',
    `The witnesses that the policy asks for have not cosigned this state of study ${code} yet${who}. Export it again once they answer${what}. Their keepers can say what is wrong.`,
  );
}

function couldNotAnchor(code: string, anchoring: Anchoring | undefined): ExportError {
  const problems = Object.values(anchoring?.status().problems ?? {}).join(' ');
  const why = problems === '' ? 'See study-ledger anchors.' : problems;
  return new ExportError(
    'not-anchored',
    `The head of study ${code} could not be anchored, so it cannot be exported: ${why}`,
  );
}

function mustBeFree(target: string): void {
  if (isFree(target, target.endsWith('.zip') ? 'file' : 'folder')) return;
  throw new ExportError(
    'target-exists',
    `${basename(target)} exists already and is not overwritten: name another place.`,
  );
}

/** `verify.mjs` as the build writes it beside the program. */
export function builtVerifier(file: URL): string {
  if (!existsSync(file))
    throw new ExportError('verifier-missing', 'verify.mjs is missing: run npm run build.');
  return readFileSync(file, 'utf8');
}
