import type { Anchoring } from '../../anchoring/anchoring.js';
import type { Exporter } from '../../recording/access-records.js';
import type { Engine } from '../../recording/engine.js';
import type { LedgerFolder } from '../../anchoring/ledger-folder.js';
import type { Study } from '../../study/study.js';
import type { About } from './about.js';
import type { BundledName } from './names.js';
import type { CoveringAnchor, PublishedLab } from './evidence.js';

export interface ExportRequest {
  readonly code: string;
  /** Tree size; the head where left out. */
  readonly at?: number | undefined;
  /** One animal only. */
  readonly subject?: string | undefined;
  /** With the names of the persons that its records name. */
  readonly names?: boolean | undefined;
  /** A folder that does not exist or is empty, or a file whose name ends in `.zip`. */
  readonly to: string;
  /** Who exports; undefined: nothing is recorded in the access log and nothing is anchored. */
  readonly who: Exporter | undefined;
  /** Text of `verify.mjs`, and the version of the program. */
  readonly verifier: string;
  readonly version: string;
}

export interface ExportSource {
  readonly engine: Engine;
  readonly folder: LedgerFolder;
  readonly anchoring: Anchoring | undefined;
}

/** Everything that decides the content of the bundle, gathered before anything is written. */
export interface Prepared {
  readonly about: About;
  /** As the records in the bundle state it. */
  readonly study: Study;
  readonly anchor: CoveringAnchor;
  readonly lab: PublishedLab;
  readonly labNote: string;
  readonly studyNote: string;
  readonly only: ReadonlySet<number> | undefined;
  readonly names: readonly BundledName[];
  /** SHA-256, hex, of the files in the bundle. */
  readonly attachments: ReadonlySet<string>;
}
