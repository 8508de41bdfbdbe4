import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isStoreError } from '../../store/store-error.js';
import { withMadeFiles, type OwnBuild } from '../../exports/bundle/compare-made.js';
import { withSeal } from '../../exports/bundle/check-seal.js';
import { unpackZip } from '../../exports/bundle/bundle-zip.js';
import { requireLedger } from '../../operations/require-ledger.js';
import { verifyBundle } from '../../verify/bundle/verify-bundle.js';
import { readPins } from '../../verify/runtime/command-line.js';
import { verifyLedger } from '../../verify/folder/verify-ledger.js';
import { CheckerPool } from '../../verify/runtime/pool.js';
import type { Pins } from '../../verify/checks/pins.js';
import { allSchemas } from '../../verify/folder/record-schemas.js';
import { reportText, type Report } from '../../verify/checks/report.js';
import type { Io } from '../subcommand.js';
import { DEFAULT_FOLDER } from '../arguments.js';
import { Failure } from '../output/failure.js';
import { Progress } from '../output/progress.js';
import { VERSION } from '../../shared/version.js';

export interface VerifyOptions {
  readonly data?: string;
  readonly store?: string | undefined;
  readonly labVkey?: string;
  readonly policy?: string;
  readonly tsaCa?: string;
  readonly at?: string;
  readonly json?: boolean;
}

/** Checks a ledger’s folder or an exported bundle. Exit code 0 passed, 1 failed, 2 incomplete. */
export async function verify(
  bundle: string | undefined,
  options: VerifyOptions,
  { print, draw, verifier }: Io,
): Promise<number> {
  const { data, store, json = false } = options;
  if (data !== undefined && bundle !== undefined)
    throw Failure.usage(
      'verify takes either a bundle or --data.',
      'Name a bundle, or a ledger’s folder with --data.',
    );
  const pins = pinsFrom(options);
  const own = {
    version: VERSION,
    verifier: existsSync(verifier) ? readFileSync(verifier, 'utf8') : undefined,
  };
  const report =
    bundle === undefined
      ? await ofLedger(data ?? DEFAULT_FOLDER, store, pins, draw)
      : await ofBundle(bundle, pins, own, draw);
  print(...(json ? JSON.stringify(report, null, 2) : reportText(report)).split('\n'));
  return report.exitCode;
}

async function ofLedger(
  folder: string,
  store: string | undefined,
  pins: Pins,
  draw: Io['draw'],
): Promise<Report> {
  let progress: Progress | undefined;
  try {
    if (store === undefined) await requireLedger(folder);
    return await verifyLedger(folder, {
      store,
      ...pins,
      onProgress: (done, total) => (progress ??= new Progress(draw, 'verifying', total)).at(done),
    });
  } catch (error) {
    if (!isStoreError(error, 'missing')) throw error;
    throw Failure.usage(
      error.message,
      'Name a bundle, or the folder of a ledger with --data.',
      'store-missing',
    );
  } finally {
    progress?.end();
  }
}

async function ofBundle(path: string, pins: Pins, own: OwnBuild, draw: Io['draw']): Promise<Report> {
  if (!existsSync(path))
    throw Failure.usage(`${path} does not exist.`, 'Name a bundle: a folder, or a .zip.');
  if (existsSync(join(path, 'ledger.json')))
    throw Failure.usage(
      `${path} is the folder of a ledger, and no bundle.`,
      `Give it with --data: verify --data ${path}`,
    );
  if (statSync(path).isDirectory()) return ofFolder(path, pins, own, draw);
  const unpacked = mkdtempSync(join(tmpdir(), 'study-ledger-bundle-'));
  try {
    const { folder, seal } = await unpackZip(path, unpacked);
    return withSeal(await ofFolder(folder, pins, own, draw), seal);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

async function ofFolder(folder: string, pins: Pins, own: OwnBuild, draw: Io['draw']): Promise<Report> {
  const schemas = allSchemas();
  const worker = new URL('../../verify/runtime/chunk-worker.js', import.meta.url);
  const checker = new CheckerPool({ schemas, worker });
  let progress: Progress | undefined;
  try {
    const report = await verifyBundle(folder, {
      ...pins,
      schemas,
      checker,
      version: own.version,
      onProgress: (done, total) => (progress ??= new Progress(draw, 'verifying', total)).at(done),
    });
    return await withMadeFiles(folder, report, own);
  } finally {
    progress?.end();
    await checker.close();
  }
}

function pinsFrom({ labVkey, policy, tsaCa, at }: VerifyOptions): Pins {
  try {
    return readPins({ labVkey, policy, tsaCa, at }, (file) => readFileSync(file, 'utf8'));
  } catch (error) {
    throw Failure.usage(
      (error as Error).message,
      'Give a verifier key, a policy file, certificates, a time.',
    );
  }
}
