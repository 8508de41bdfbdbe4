import { readFileSync, rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { Type } from '../study/schema-types.js';
import { makeFolder, writeDurably } from '../shared/durable-file.js';
import { SeedError, mustBeSecret, readSeedDescriptor, readSeedFile } from '../signing/seed.js';
import type { KeyRing } from '../signing/key-ring.js';
import { Attachments } from '../store/attachments.js';
import { FileDisclosures } from '../identity/disclosure-store.js';
import { FileSignedHeads } from '../signing/signed-head-store.js';
import { mismatch } from '../study/mismatch.js';
import { closed } from '../study/schema.js';
import { AnchorsFolder } from './anchors-folder.js';
import { demoRing, type Custody } from '../signing/custody.js';
import type { SigningCode } from '../signing/signing-error.js';

const Path = Type.String({ minLength: 1 });
const Url = Type.String({ pattern: '^https?://' });

/** `ledger.json`: where things lie, and who is asked to watch. Paths are taken from the ledger's folder. */
const Configuration = closed({
  /** `kurrentdb://…`: the cluster that holds the records, where they do not lie in this folder. */
  store: Type.Optional(Type.String({ pattern: '^kurrentdb' })),
  /** Default `master.seed`. */
  seedFile: Type.Optional(Path),
  /** Default `marks`. Best on media that no restore of the records touches. */
  marks: Type.Optional(Path),
  /** Default `disclosures`. One folder for all processes of a ledger. */
  disclosures: Type.Optional(Path),
  /** Default `attachments`. One folder for all processes of a ledger. */
  attachments: Type.Optional(Path),
  /** Default `anchors`. */
  anchors: Type.Optional(Path),
  /** Seconds between two rounds of anchoring. */
  interval: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400 })),
  policyFile: Path,
  witnesses: Type.Array(closed({ url: Url, vkey: Type.String(), name: Type.String({ minLength: 1 }) })),
  timestampAuthority: Type.Optional(
    closed({
      url: Url,
      /** As it stands in the lab log; the address where left out. */
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
      /** PEM file of the authorities that its certificate must come from. */
      caFile: Path,
      /** Policies that are accepted, as object identifiers; any where left out. */
      policies: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    }),
  ),
  /** Hours without the quorum of the policy before the ledger counts as unanchored. */
  gapHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 24 * 365 })),
  /** Whether witnesses and authority may be asked without encryption, other than on this machine. */
  plainHttp: Type.Optional(Type.Boolean()),
});

export interface WitnessConfig {
  readonly url: string;
  readonly vkey: string;
  readonly name: string;
}

export interface AuthorityConfig {
  readonly url: string;
  readonly name?: string;
  readonly caFile: string;
  readonly policies?: readonly string[];
}

export interface LedgerConfig {
  readonly store?: string;
  readonly seedFile?: string;
  readonly marks?: string;
  readonly disclosures?: string;
  readonly attachments?: string;
  readonly anchors?: string;
  readonly interval?: number;
  readonly policyFile: string;
  readonly witnesses: readonly WitnessConfig[];
  readonly timestampAuthority?: AuthorityConfig;
  readonly gapHours?: number;
  readonly plainHttp?: boolean;
}

export interface Alarm {
  readonly code: SigningCode;
  readonly message: string;
  /** The proof: a head that this lab has signed and that its records contradict. */
  readonly note?: string;
}

const FILE = 'ledger.json';
const DEFAULTS: LedgerConfig = { policyFile: join('policy', 'lab.policy'), witnesses: [] };
const DEFAULT_INTERVAL = 600;
const DEFAULT_GAP_HOURS = 24;

/** A ledger's folder, with what lies in it or elsewhere beside the records. */
export class LedgerFolder {
  readonly anchors: AnchorsFolder;
  readonly heads: FileSignedHeads;
  readonly disclosures: FileDisclosures;
  readonly attachments: Attachments;

  constructor(
    readonly path: string,
    readonly config: LedgerConfig,
    {
      anchors,
      heads,
      disclosures,
    }: { anchors?: AnchorsFolder; heads?: FileSignedHeads; disclosures?: FileDisclosures } = {},
  ) {
    this.anchors = anchors ?? new AnchorsFolder(this.#at(config.anchors ?? 'anchors'));
    this.heads = heads ?? new FileSignedHeads(this.marksPath);
    this.disclosures = disclosures ?? new FileDisclosures(this.#at(config.disclosures ?? 'disclosures'));
    this.attachments = new Attachments(this.#at(config.attachments ?? 'attachments'));
  }

  /** @throws Error where `ledger.json` is not what it should be. */
  static read(path: string): LedgerFolder {
    let config: unknown;
    try {
      config = JSON.parse(readFileSync(join(path, FILE), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new LedgerFolder(path, DEFAULTS);
      throw new Error(`${join(path, FILE)} cannot be read: ${(error as Error).message}`, { cause: error });
    }
    const wrong = mismatch(Configuration, config);
    if (wrong) throw new Error(`${join(path, FILE)}: ${wrong.path} ${wrong.message}`);
    return new LedgerFolder(path, config as LedgerConfig);
  }

  with(changes: Partial<LedgerConfig>): LedgerFolder {
    const { anchors, heads, disclosures } = this;
    return new LedgerFolder(
      this.path,
      { ...this.config, ...changes },
      {
        ...(changes.anchors === undefined && { anchors }),
        ...(changes.marks === undefined && { heads }),
        ...(changes.disclosures === undefined && { disclosures }),
      },
    );
  }

  write(): void {
    makeFolder(this.path);
    writeDurably(join(this.path, FILE), `${JSON.stringify(this.config, null, 2)}\n`);
  }

  get seedPath(): string {
    return this.#at(this.config.seedFile ?? 'master.seed');
  }

  /** Where the signed heads are; `marks` is the name on disk. */
  get marksPath(): string {
    return this.#at(this.config.marks ?? 'marks');
  }

  get intervalMs(): number {
    return 1000 * (this.config.interval ?? DEFAULT_INTERVAL);
  }

  get gapMs(): number {
    return 3_600_000 * (this.config.gapHours ?? DEFAULT_GAP_HOURS);
  }

  get authority(): AuthorityConfig | undefined {
    const { timestampAuthority } = this.config;
    return timestampAuthority && { ...timestampAuthority, caFile: this.#at(timestampAuthority.caFile) };
  }

  /** Undefined where there is none yet. */
  policy(): string | undefined {
    try {
      return readFileSync(this.#at(this.config.policyFile), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  writePolicy(text: string): void {
    const path = this.#at(this.config.policyFile);
    makeFolder(join(path, '..'));
    writeDurably(path, text);
  }

  /** An alarm outlives the process that noticed it. Only a restore by a person clears it. */
  alarm(): Alarm | undefined {
    try {
      return JSON.parse(readFileSync(join(this.path, 'alarm.json'), 'utf8')) as Alarm;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  writeAlarm(alarm: Alarm): void {
    writeDurably(join(this.path, 'alarm.json'), `${JSON.stringify(alarm)}\n`);
  }

  clearAlarm(): void {
    rmSync(join(this.path, 'alarm.json'), { force: true });
  }

  #at(path: string): string {
    return isAbsolute(path) ? path : join(this.path, path);
  }
}

/** Keys, signed heads and published heads of a ledger in a folder. */
export class FolderCustody implements Custody {
  /** Why there is no seed; recording does not need one. */
  problem: SeedError | undefined;
  readonly heads: FileSignedHeads;
  readonly disclosures: FileDisclosures;
  readonly attachments: Attachments;
  #ring: KeyRing | undefined;

  constructor(
    private readonly folder: LedgerFolder,
    private readonly seedDescriptor?: number,
  ) {
    this.heads = folder.heads;
    this.disclosures = folder.disclosures;
    this.attachments = folder.attachments;
  }

  ring(simulated: boolean): KeyRing | undefined {
    if (simulated) return demoRing();
    try {
      return (this.#ring ??= mustBeSecret(
        this.seedDescriptor === undefined
          ? readSeedFile(this.folder.seedPath)
          : readSeedDescriptor(this.seedDescriptor),
      ));
    } catch (error) {
      if (!(error instanceof SeedError)) throw error;
      this.problem = error;
      return undefined;
    }
  }

  published(isOwn: (note: string) => boolean): string | undefined {
    return this.folder.anchors.newest(isOwn)?.note;
  }
}
