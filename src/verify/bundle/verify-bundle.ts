/**
 * The check of an exported study: neither database nor network, and nothing in it believed because it says so. Its steps share
 * one state and stand in their order, so they are one file, although it is long.
 */
import type { TreeHead } from '../../tlog/merkle.js';
import { formatVkey, parseVkey, type VerifierKey } from '../../tlog/note.js';
import { parsePolicy } from '../../tlog/policy.js';
import { checkBag, isManifestConverted } from './bag.js';
import { checkBundledAttachments } from './bundle-attachments.js';
import { checkAnchorProof, checkPrefix, checkRecordProofs, provenRecords } from './bundle-proofs.js';
import { bundleReport, type Found } from './bundle-report.js';
import { checkStamps } from './bundle-stamps.js';
import { sha256 } from '../runtime/crypto.js';
import { fileSource } from '../runtime/file-source.js';
import { Files } from '../runtime/files.js';
import { Findings } from '../checks/findings.js';
import { checkAnchors } from '../checks/anchors.js';
import { checkHead, signedHead } from '../checks/signed-heads.js';
import type { Anchor } from '../checks/anchors.js';
import { keysText, type Lab } from '../checks/lab.js';
import type { FoldedLog } from '../checks/log.js';
import { foldPartial, readSelection, type Selection } from './partial.js';
import { checkPolicy, type Pins } from '../checks/pins.js';
import type { NotCompared } from '../checks/not-compared.js';
import { counted, firstFew, quote } from '../checks/printable.js';
import type { People } from '../checks/people/people.js';
import { reportPeople, type CommitmentReport, type PeopleReport } from '../checks/people/people-report.js';
import type { CheckerPool } from '../runtime/pool.js';
import type { Schemas } from '../checks/record.js';
import { exitCodeOf, type Report, type Verdict } from '../checks/report.js';
import { foldAnchored, foldLab, type Context } from '../checks/study.js';
import { checkSignatureFiles } from './signature-files.js';
import type { Signed } from '../checks/signatures/statement.js';
import type { SignatureReport } from '../checks/signatures/signature-report.js';
import { checkTiles } from '../checks/tiles.js';

export interface BundleOptions extends Pins {
  readonly schemas: Schemas;
  readonly checker: CheckerPool;
  /** Of this program. What another version made for readers may be worded otherwise, and is not compared. */
  readonly version?: string | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What every bundle holds; without one of these there is nothing to check. */
const REQUIRED = [
  'lab/records.ndjson',
  'lab/checkpoint',
  'study/records.ndjson',
  'study/checkpoint',
  'policy/lab.policy',
];

/** @param folder the bag, or the `ledger` folder in it */
export async function verifyBundle(folder: string, options: BundleOptions): Promise<Report> {
  const bag = new Files(folder);
  const inBag = bag.has('data/ledger');
  const files = inBag ? bag.below('data/ledger') : bag;
  const findings = new Findings();
  const links = bag.leadingOut();
  for (const path of links)
    findings.fail(
      'layout',
      'bundle',
      `${path} is a symbolic link that leads out of the bundle: nothing was read`,
    );
  const unread = (): NotCompared => ({ files: bag.list('.'), why: 'nothing was read' });
  if (links.length > 0) return bundleReport(folder, undefined, findings, 0, options, unread());
  tellLeft(bag, findings);
  // Beside everything else: it needs no thread of its own.
  const bagged = inBag ? checkBag(bag, options.checker, findings) : undefined;
  bagged?.catch(() => undefined);
  // Records whose line ends were changed are not worth a finding each.
  const converted = isManifestConverted(bag) ? [...((await bagged) ?? [])] : [];
  if (converted.some((path) => path.startsWith('data/ledger/')))
    return bundleReport(folder, undefined, findings, 0, options, unread());
  if (!inBag)
    findings.note(
      'fixity',
      'bundle',
      'without the bag around it, the checksums of its files could not be checked',
    );
  const madeBy = versionOf(bag);
  const check = new BundleCheck(files, findings, options, madeBy, bagged);
  const found = await check.run();
  await bagged;
  const notCompared: NotCompared = {
    files: bag.list('.').filter((path) => !bag.used.has(path)),
    why: `made by ${nameOf(madeBy)}`,
  };
  return bundleReport(folder, found, findings, check.records, options, notCompared);
}

function tellLeft(bag: Files, findings: Findings): void {
  const left = bag.leftByPrograms();
  if (left.length === 0) return;
  findings.fail(
    'layout',
    'bundle',
    `file managers or office programs left in the bundle what does not belong to it: ${firstFew(left)}. Delete it and verify again`,
  );
}

/** The version that a bag says it was made by. */
export function versionOf(bag: Files): string | undefined {
  if (!bag.isFile('bag-info.txt')) return undefined;
  const text = bag.peek('bag-info.txt').toString();
  return /^Bag-Software-Agent: Study Ledger (.*)$/m.exec(text)?.[1];
}

/** A version as a bag states it: whoever changed the bag may have written any text. */
function nameOf(version: string | undefined): string {
  if (version === undefined) return 'a version that bag-info.txt does not name';
  return /^[0-9A-Za-z.+-]{1,40}$/.test(version) ? version : quote(version);
}

class BundleCheck {
  records = 0;
  readonly signatures: SignatureReport[] = [];
  private readonly signed: Signed[] = [];
  private readonly commitments: CommitmentReport[] = [];
  private readonly disclosures = (digest: string): string | undefined =>
    this.files.text(`disclosures/${digest}`);
  private readonly context: Context;
  private total = 0;

  constructor(
    private readonly files: Files,
    private readonly findings: Findings,
    private readonly options: BundleOptions,
    /** The version that made the bundle; undefined where nothing tells it. */
    private readonly madeBy: string | undefined,
    private readonly bagged: Promise<unknown> | undefined,
  ) {
    const onRecords = (count: number): void => options.onProgress?.((this.records += count), this.total);
    this.context = {
      checker: options.checker,
      findings,
      onRecords,
      signatures: this.signatures,
      signed: this.signed,
      disclosures: this.disclosures,
      commitments: this.commitments,
    };
  }

  async run(): Promise<Found | undefined> {
    const { files, findings } = this;
    for (const path of REQUIRED)
      if (!files.isFile(path)) findings.fail('layout', 'bundle', `${path} is not there`);
    if (!REQUIRED.every((path) => files.isFile(path))) return undefined;
    this.total = this.sizeIn('lab/checkpoint') + this.sizeIn('study/checkpoint');
    const { lab, folded: labLog } = await foldLab(
      fileSource(files.use('lab/records.ndjson'), 'lab', '/lab', findings),
      [],
      this.context,
    );
    const witnessedTo = this.checkLab(lab, labLog);
    const people = this.checkPeople(lab.people);
    const code = this.text('study/checkpoint').split('\n')[0]!.slice(`${lab.facility}/ledger/study/`.length);
    if (!lab.studies.has(code)) {
      findings.fail('register', 'bundle', `study/checkpoint is of no study that the lab registers`);
      return { code, lab, labLog, witnessedTo, people };
    }
    const study = await this.checkStudy(`study-${code}`, lab, labLog);
    return { code, lab, labLog, witnessedTo, people, study };
  }

  private checkLab(lab: Lab, labLog: FoldedLog): number {
    const { files, findings, options } = this;
    const place = { check: 'note', log: 'lab', file: 'lab/checkpoint' } as const;
    const note = this.text('lab/checkpoint');
    const head = signedHead(note, lab.origin('lab'), this.labKeys(lab), place, findings);
    if (head) {
      checkHead(head, labLog, place, findings);
      if (head.size < labLog.size)
        findings.fail(
          'note',
          'lab',
          `lab/checkpoint signs ${counted(head.size, 'record')}, and ${labLog.size} are there`,
        );
    }
    checkTiles(files, 'lab', labLog, true, findings);
    if (files.text('keys.txt') !== keysText(lab))
      findings.fail('key', 'bundle', 'keys.txt does not list the keys that the lab published');
    checkStamps(files, lab, labLog, options.authorities, findings);
    this.checkSchemas();
    return checkPolicy(
      files.text('policy/lab.policy'),
      'policy/lab.policy',
      lab,
      [{ size: labLog.size, note }],
      options,
      findings,
    );
  }

  /** The key that whoever checks brought along; without one, what the lab publishes of itself, which proves nothing. */
  private labKeys(lab: Lab): VerifierKey[] {
    const { labVkey, policy } = this.options;
    const given = labVkey === undefined ? [] : [parseVkey(sha256, labVkey)];
    if (policy !== undefined) given.push(...parsePolicy(sha256, policy).logs);
    if (given.length > 0) return given;
    const published = lab.keysOf('lab');
    this.findings.incomplete(
      'pin',
      'lab',
      `consistent, but unauthenticated: give the lab’s verifier key, which you have from elsewhere (found here: ${published.map(formatVkey).join(', ') || 'none'})`,
    );
    return published;
  }

  private async checkStudy(log: string, lab: Lab, labLog: FoldedLog): Promise<Required<Found>['study']> {
    const { files, findings } = this;
    const place = { check: 'note', log, file: 'study/checkpoint' } as const;
    const head = signedHead(this.text('study/checkpoint'), lab.origin(log), lab.keysOf(log), place, findings);
    const selection = readSelection(files, findings);
    const study = selection
      ? await foldPartial(files, log, selection, { lab, labLog, schemas: this.options.schemas }, this.context)
      : await foldAnchored(
          fileSource(
            files.use('study/records.ndjson'),
            log,
            `/studies/${log.slice('study-'.length)}`,
            findings,
          ),
          lab,
          labLog,
          head ? [head.size] : [],
          this.context,
        );
    // An anchor of more than is here is judged with the verdict.
    checkAnchors(
      log,
      (lab.anchors.get(log) ?? []).filter(({ size }) => size <= study.size),
      study,
      findings,
    );
    checkTiles(files, 'study', study, !selection, findings);
    const later = (lab.anchors.get(log) ?? []).some(({ size }) => size > study.size);
    // An earlier state has the signed head of the anchor after it, and a proof to there.
    if (head && !(later && head.size > study.size)) checkHead(head, study, place, findings);
    if (head && head.size < study.size)
      findings.fail(
        'note',
        log,
        `study/checkpoint signs ${counted(head.size, 'record')}, and ${study.size} are there`,
        {
          record: head.size,
        },
      );
    const policy = `log ${lab.keyInForce(log)}\nquorum none\n`;
    if (files.text('policy/study.policy') !== policy)
      findings.fail('policy', log, 'policy/study.policy does not name the key that the lab published');
    await checkBundledAttachments(files, study, selection !== undefined, this.options.checker, findings);
    const proven = selection ? selection.numbers : provenRecords(this.signed, study.size);
    checkRecordProofs(files, log, study, head, proven, findings);
    // So none of these files is read a second time.
    await this.bagged;
    checkSignatureFiles(files, this.signed, lab, findings);
    return {
      log: study,
      signatures: this.signatures,
      ...this.verdict(log, study, head, lab, labLog, selection),
    };
  }

  private checkPeople(people: People): PeopleReport | undefined {
    const { files, findings } = this;
    const known = new Set(people.commitments.all.map(({ digest }) => digest));
    for (const name of files.list('disclosures'))
      if (!known.has(name))
        findings.fail('commitment', 'bundle', `disclosures/${name} opens nothing that the lab holds`);
    return reportPeople(people, this.disclosures, findings, this.commitments);
  }

  /** Completeness: the size that is here against the newest size that the lab anchored. */
  private verdict(
    log: string,
    study: FoldedLog,
    head: TreeHead | undefined,
    lab: Lab,
    labLog: FoldedLog,
    selection: Selection | undefined,
  ): { verdict: Verdict; anchor: Anchor | undefined } {
    const { findings } = this;
    const anchors = lab.anchors.get(log) ?? [];
    const anchor = anchors.find(({ size }) => size >= study.size) ?? anchors.at(-1);
    if (!anchor)
      findings.fail('anchor', log, 'the lab never anchored this study: nothing shows that it is complete');
    else checkAnchorProof(this.files, log, anchor, labLog, findings);
    if (anchor && study.size > anchor.size)
      findings.incomplete(
        'unanchored',
        log,
        `records ${anchor.size}…${study.size - 1} are not anchored; complete to ${anchor.size} only`,
        {
          record: anchor.size,
          lab: anchor.lab,
        },
      );
    if (anchor && study.size < anchor.size) checkPrefix(this.files, log, study, head, anchor, findings);
    const verdicts: Verdict[] = ['COMPLETE', 'FAIL', 'INCOMPLETE'];
    const exitCode = exitCodeOf(findings);
    if (exitCode === 1) return { verdict: 'FAIL', anchor };
    if (selection) return { verdict: 'PARTIAL', anchor };
    if (anchor && study.size < anchor.size) return { verdict: 'PREFIX', anchor };
    return { verdict: verdicts[exitCode]!, anchor };
  }

  /** Schemas are for readers; records are checked against the verifier's own. */
  private checkSchemas(): void {
    const { files, findings, options } = this;
    if (this.madeBy !== undefined && this.madeBy !== options.version) return;
    for (const name of files.list('schemas')) {
      const own = options.schemas[name.replace(/\.schema\.json$/, '')];
      if (own && files.text(`schemas/${name}`) !== `${JSON.stringify(own, null, 2)}\n`)
        findings.fail('schema', 'bundle', `schemas/${name} is not the schema of that name`);
    }
  }

  private text(path: string): string {
    return this.files.text(path) ?? '';
  }

  private sizeIn(path: string): number {
    return Number(this.text(path).split('\n')[1]) || 0;
  }
}
