import { counted } from '../../shared/counted.js';
import { v7 } from 'uuid';
import { openLedgerFolder, openLedgerForReading } from '../../operations/open-ledger.js';
import { builtVerifier, exportBundle, type Exported } from '../../exports/bundle/export-bundle.js';
import type { ExportRequest, ExportSource } from '../../exports/bundle/export-request.js';
import { join } from 'node:path';
import { START_PAGE } from '../../exports/bundle/start-page.js';
import { LEDGER_ITSELF } from '../../lab/people/people.js';
import { isStoreError } from '../../store/store-error.js';
import { unwitnessedText } from '../../verify/checks/report.js';
import { authorise } from '../../lab/people/authority.js';
import type { Engine } from '../../recording/engine.js';
import { Refusal } from '../../study/refusal.js';
import { BUNDLE_READERS } from '../../study/who.js';
import { actingBy, readTokenFile } from '../acting.js';
import type { Io } from '../subcommand.js';
import { Failure } from '../output/failure.js';
import type { Place } from '../open-ledger.js';
import { DEVELOPMENT_IDENTITY } from '../../shared/development-identity.js';
import { wrapped, type Block } from '../output/page.js';
import { tellAlarm } from '../output/tell-alarm.js';
import { VERSION } from '../../shared/version.js';
import { printInstant } from '../../study/instant.js';

export interface ExportOptions extends Place {
  readonly study: string;
  readonly to: string;
  readonly at?: string;
  readonly subject?: string;
  readonly unrecorded?: boolean;
  readonly names?: boolean;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

/** Exports a study as an audit bundle, and records the export in the access log. Exit code 1 after an alarm. */
export async function exportStudy(options: ExportOptions, { print, warn, verifier }: Io): Promise<number> {
  const { study: code, data, store, to, at, subject, unrecorded = false, names, json = false } = options;
  const { tokenFile } = options;
  if (unrecorded && tokenFile !== undefined)
    throw Failure.usage(
      '--unrecorded and --token-file exclude each other.',
      'Nothing is recorded, so nobody is named.',
    );
  const token = tokenFile === undefined ? undefined : readTokenFile(tokenFile);
  if (at !== undefined && !/^[1-9][0-9]{0,15}$/.test(at))
    throw Failure.usage(`--at ${at} is not a tree size.`, 'Give a number of records, such as --at 700.');
  const source = unrecorded
    ? await forReading({ data, store })
    : await forRecording({ data, store }, `study-ledger export --study ${code}`);
  try {
    const exported = await exportBundle(source, {
      code,
      to,
      at: at === undefined ? undefined : Number(at),
      subject,
      names,
      who: unrecorded ? undefined : await exporter(source.engine, code, token),
      verifier: builtVerifier(verifier),
      version: VERSION,
    });
    // The record of the export is anchored after the bundle is complete: the bundle does not depend on it.
    await source.anchoring?.anchor({ logs: ['access'] });
    const { names: disclosed, ...about } = exported.about;
    if (json) print(JSON.stringify({ ...about, names: disclosed.size, sha256: exported.sha256 }));
    else print(...inWords(exported, to, unrecorded));
    return tellAlarm(source.engine, warn) ? 1 : 0;
  } finally {
    await source.engine.close();
  }
}

/** Who takes the bundle out: the person of a token; the ledger itself where the data are simulated. @throws Failure */
async function exporter(
  engine: Engine,
  study: string,
  token: string | undefined,
): Promise<NonNullable<ExportRequest['who']>> {
  const lab = await engine.lab();
  const id = v7();
  // Of a study that is not there nothing is exported.
  if (lab.people.begunAt === undefined || !lab.studies.has(study)) return { ...DEVELOPMENT_IDENTITY, id };
  if (lab.simulated && token === undefined) return { actor: LEDGER_ITSELF, role: 'system', id };
  const { by, ...acting } = await actingBy(engine, token);
  const need = { who: BUNDLE_READERS, study, what: `export ${study}` };
  const authority = authorise(lab, { ...acting, ...(by && { by }) }, need, engine.clock());
  if (authority instanceof Refusal) throw Failure.of(authority);
  return { ...acting, role: authority.role, id };
}

async function forRecording({ data, store }: Place, holder: string): Promise<ExportSource> {
  try {
    return await openLedgerFolder(data, { holder, store });
  } catch (error) {
    if (!isStoreError(error, 'locked')) throw error;
    throw new Failure(
      error.message,
      'An export is recorded and anchored, so no other process may be recording. Stop the server, or use --unrecorded: it exports an anchored state and adds nothing to the access log.',
      'locked',
    );
  }
}

/** Writes nothing, anchors nothing and connects to nobody. */
async function forReading({ data, store }: Place): Promise<ExportSource> {
  return { ...(await openLedgerForReading(data, { store })), anchoring: undefined };
}

function inWords({ about, sha256, report }: Exported, to: string, unrecorded: boolean): Block[] {
  const { code, size, root, labSize, labVkey, anchor, partial, simulated, witnessed, names } = about;
  const part = partial ? `, ${partial.records} of them about animal ${partial.subject}` : '';
  return [
    ...(simulated ? ['SIMULATED DATA'] : []),
    `study ${code}, ${counted(size, 'record')}${part}, exported to ${to}`,
    `tree size ${size}, root ${root}`,
    `anchored in lab record ${anchor.record} at ${printInstant(anchor.recorded)}, lab size ${labSize}`,
    `verified as its receiver will: ${report.verdict}`,
    `sha256 ${sha256}${unrecorded ? '  (NOT recorded in the access log)' : '  (recorded in the access log)'}`,
    ...(names.size === 0
      ? []
      : [`with ${counted(names.size, 'name')}: personal data, which cannot be erased from the bundle`]),
    ...(to.endsWith('.zip') ? [] : [`open ${join(to, START_PAGE)} to read it`]),
    '',
    'Give the receiver the lab’s key by another way than the bundle:',
    `  ${labVkey}`,
    `  study-ledger verify ${to} --lab-vkey '${labVkey}'`,
    ...(witnessed ? [] : ['', wrapped(unwitnessedText(labSize, 0))]),
  ];
}
