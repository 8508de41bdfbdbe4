import { studyLog } from '../lab/origins.js';
import { alertsOf, type EndpointAlert } from '../study/welfare/endpoints.js';
import type { Engine } from '../recording/engine.js';

export interface StudyAlert extends EndpointAlert {
  readonly study: string;
}

export interface WelfareAlerts {
  readonly simulated: boolean;
  /** Oldest first within a study. */
  readonly alerts: readonly StudyAlert[];
}

interface Known {
  readonly size: number;
  readonly alerts: readonly StudyAlert[];
}

/** What was found of each study at which size: a study that nothing was added to is not read again. */
const known = new WeakMap<Engine, Map<string, Known>>();

/** Every humane endpoint of every study that waits for a decision. */
export async function welfareAlerts(engine: Engine): Promise<WelfareAlerts> {
  const lab = await engine.lab();
  let found = known.get(engine);
  if (!found) known.set(engine, (found = new Map()));
  const alerts: StudyAlert[] = [];
  for (const code of lab.studies.keys()) {
    const size = await engine.store.size(studyLog(code));
    let entry = found.get(code);
    if (entry?.size !== size) found.set(code, (entry = await alertsIn(engine, code)));
    alerts.push(...entry.alerts);
  }
  return { simulated: lab.simulated, alerts };
}

async function alertsIn(engine: Engine, study: string): Promise<Known> {
  const { state, size } = await engine.study(study);
  const subjects = [...state.subjects.keys()].sort();
  return {
    size,
    alerts: subjects.flatMap((id) => alertsOf(state, id).map((alert) => ({ study, ...alert }))),
  };
}
