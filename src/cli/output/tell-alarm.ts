import type { WatchStatus } from '../../shared/watch-status.js';
import type { Engine } from '../../recording/engine.js';
import type { Io } from '../subcommand.js';
import { wrapped } from './page.js';

/** Tells an alarm and the witnesses that are disputed, after a ledger was anchored. True if there is an alarm. */
export function tellAlarm({ alarm, watch, labNow }: Engine, warn: Io['warn']): boolean {
  const { witnesses = [] } = (watch.status(labNow) ?? {}) as Partial<WatchStatus>;
  for (const { name, disputed, problem } of witnesses)
    if (disputed)
      warn(
        wrapped(
          `DISPUTED  The witness ${name} claims to remember another lab log, without proof: ${problem}`,
        ),
      );
  if (alarm) warn(wrapped(`ALARM (${alarm.code})  ${alarm.message}`));
  return alarm !== undefined;
}
