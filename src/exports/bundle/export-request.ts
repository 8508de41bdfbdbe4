import type { Anchoring } from '../../anchoring/anchoring.js';
import type { Engine } from '../../recording/engine.js';
import type { LedgerFolder } from '../../anchoring/ledger-folder.js';
import type { Study } from '../../study/study.js';
import type { About } from './about.js';
import type { CoveringAnchor, PublishedLab } from './evidence.js';

export interface ExportRequest {
  readonly code: string;
  /** Tree size; the head where left out. */
  readonly at?: number | undefined;
  /** One animal only. */
  readonly subject?: string | undefined;
  /** A folder that is not there yet or is empty, or a file whose name ends in `.zip`. */
  readonly to: string;
  /** Who takes it out; undefined leaves no trace in the access log, and anchors nothing. */
  readonly who: { readonly actor: string; readonly role: string; readonly id: string } | undefined;
  /** Text of `verify.mjs`, and the version of the program. */
  readonly verifier: string;
  readonly version: string;
}

export interface ExportSource {
  readonly engine: Engine;
  readonly folder: LedgerFolder;
  readonly anchoring: Anchoring | undefined;
}

/** All that decides what the bundle will hold, before anything is written. */
export interface Prepared {
  readonly about: About;
  readonly study: Study;
  readonly anchor: CoveringAnchor;
  readonly lab: PublishedLab;
  readonly labNote: string;
  readonly studyNote: string;
  readonly only: ReadonlySet<number> | undefined;
}
