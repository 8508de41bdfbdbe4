import { studyLog } from '../lab/origins.js';
import { alertsOf, type EndpointAlert } from '../study/welfare/endpoints.js';
import type { Engine } from '../recording/engine.js';
import { concernsOneLog } from '../store/store-error.js';

export interface StudyAlert extends EndpointAlert {
  readonly study: string;
}

export interface WelfareAlerts {
  readonly simulated: boolean;
  /** Oldest first within a study. */
  readonly alerts: readonly StudyAlert[];
  /** Studies whose animals are not in this list, because their records are damaged or may not be read. */
  readonly damaged?: readonly string[];
}

interface CachedAlerts {
  readonly size: number;
  readonly alerts: readonly StudyAlert[];
}

/** By study. An entry is used while the study has the same size, so that an unchanged study is not read again. */
const caches = new WeakMap<Engine, Map<string, CachedAlerts>>();

/** Lists every humane endpoint, in all studies, that was reached and is not yet decided on. */
export async function welfareAlerts(engine: Engine): Promise<WelfareAlerts> {
  const lab = await engine.lab();
  let cache = caches.get(engine);
  if (!cache) caches.set(engine, (cache = new Map()));
  const alerts: StudyAlert[] = [];
  const damaged: string[] = [];
  for (const code of lab.studies.keys()) {
    try {
      const size = await engine.storedSize(studyLog(code));
      let entry = cache.get(code);
      if (entry?.size !== size) cache.set(code, (entry = await findAlerts(engine, code)));
      alerts.push(...entry.alerts);
    } catch (error) {
      if (!concernsOneLog(error)) throw error;
      damaged.push(code);
    }
  }
  return { simulated: lab.simulated, alerts, ...(damaged.length > 0 && { damaged }) };
}

async function findAlerts(engine: Engine, study: string): Promise<CachedAlerts> {
  const { state, size } = await engine.study(study);
  const subjects = [...state.subjects.keys()].sort();
  return {
    size,
    alerts: subjects.flatMap((id) => alertsOf(state, id).map((alert) => ({ study, ...alert }))),
  };
}
