import type { EvidenceState } from '../anchoring/watch.js';
import { UNWITNESSED } from '../anchoring/watch-status.js';
import type { WatchStatus } from '../shared/watch-status.js';
import { logsOf, type Anchor } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import type { Engine, SelfChecked } from '../recording/engine.js';
import { zoneOf } from '../recording/time-zone.js';

/** A log, and how far its newest head in the lab has come. */
export interface AnchoredLog {
  readonly log: LogName;
  readonly size: number;
  readonly anchor: Anchor | undefined;
  readonly state: EvidenceState | undefined;
}

/** What a server knows of its ledger beside the studies. */
export interface Laboratory {
  readonly facility: string;
  readonly logs: readonly AnchoredLog[];
  /** Undefined where the ledger has no folder. */
  readonly watched: WatchStatus | undefined;
  /** What it means that nobody watches. */
  readonly unwitnessed: string;
  /** Why nothing is recorded at present. */
  readonly stopped: string | undefined;
  /** Studies that cannot be read. */
  readonly damaged: readonly string[];
  readonly checked: SelfChecked | undefined;
  readonly store: string;
  readonly timeZone: string;
}

export async function showLaboratory(engine: Engine): Promise<Laboratory> {
  const lab = await engine.lab();
  const logs: AnchoredLog[] = [];
  for (const log of logsOf(lab)) {
    if (log === 'lab') continue;
    const anchor = lab.anchors.get(log);
    const state = anchor && engine.evidenceOf(anchor.number);
    logs.push({ log, size: await engine.store.size(log), anchor, state });
  }
  const stopped = await engine.refusal();
  return {
    facility: lab.facility,
    logs,
    watched: engine.watch.status(lab) as WatchStatus | undefined,
    unwitnessed: UNWITNESSED,
    stopped: stopped?.message,
    damaged: engine.damaged,
    checked: engine.selfChecked,
    store: engine.store.constructor.name.replace(/Store$/, '').replace('Sqlite', 'SQLite'),
    timeZone: zoneOf(lab),
  };
}
