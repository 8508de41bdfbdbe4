import { parseArgs } from 'node:util';
import { parseVkey } from '../../tlog/note.js';
import { parsePolicy } from '../../tlog/policy.js';
import { sha256 } from './crypto.js';
import type { Pins } from '../checks/pins.js';
import { readCertificates } from '../../rfc3161/certificate-chain.js';

export const USAGE = `Usage: node verify.mjs [FOLDER] [--lab-vkey VKEY] [--policy FILE] [--tsa-ca FILE] [--at TIME] [--json]

  FOLDER      the bundle; without one, the bundle that this program lies in
  --lab-vkey  verifier key of the laboratory’s log, got from elsewhere than the bundle
  --policy    C2SP tlog-policy, got from elsewhere: the log’s key, witnesses, quorum
  --tsa-ca    PEM file, got from elsewhere: certificates that time stamps must come from
  --at        time of the audit, where it is not now
  --json      for programs

Exit code: 0 all checks passed · 1 a check failed · 2 incomplete or not checkable · 3 not understood`;

/** The command line cannot be right: exit code 3. */
export class UsageError extends Error {}

export interface VerifyArguments {
  readonly folder: string | undefined;
  readonly json: boolean;
  readonly pins: Pins;
}

/** @throws UsageError */
export function readArguments(args: readonly string[], read: (file: string) => string): VerifyArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'lab-vkey': { type: 'string' },
        policy: { type: 'string' },
        'tsa-ca': { type: 'string' },
        at: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    if (positionals.length > 1) throw new Error('one folder at a time');
    return {
      folder: positionals[0],
      json: values.json,
      pins: readPins(
        { labVkey: values['lab-vkey'], policy: values.policy, tsaCa: values['tsa-ca'], at: values.at },
        read,
      ),
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** Where pins come from, as given on the command line: a key, paths of files, a time. */
export interface PinSources {
  readonly labVkey?: string | undefined;
  readonly policy?: string | undefined;
  readonly tsaCa?: string | undefined;
  readonly at?: string | undefined;
}

/** @throws Error where a key, a policy file, a certificate or a time is none. */
export function readPins({ labVkey, policy, tsaCa, at }: PinSources, read: (file: string) => string): Pins {
  const now = at === undefined ? undefined : Date.parse(at);
  if (Number.isNaN(now)) throw new Error(`--at ${at} is not a time`);
  if (labVkey !== undefined) parseVkey(sha256, labVkey);
  const text = policy === undefined ? undefined : read(policy);
  if (text !== undefined) parsePolicy(sha256, text);
  const authorities = tsaCa === undefined ? undefined : read(tsaCa);
  if (authorities !== undefined) readCertificates(authorities);
  return { labVkey, policy: text, authorities, now };
}
