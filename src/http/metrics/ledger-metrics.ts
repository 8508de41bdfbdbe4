import { Inject, Injectable } from '@nestjs/common';
import { instantMs } from '../../study/instant.js';
import { Engine } from '../../recording/engine.js';
import { Counter, histogramSamples, metricsText, type Metric } from './prometheus.js';

/**
 * What this process did since it began, and how the ledger stands. Labels are names of commands, codes and methods: none
 * says anything of a person, a study or what was recorded.
 */
@Injectable()
export class LedgerMetrics {
  readonly commands = new Counter();
  readonly refusedReads = new Counter();

  constructor(@Inject(Engine) private readonly engine: Engine) {}

  /** @param isUp whether the store answers @param isRecording whether a command would be taken */
  text(isUp: boolean, isRecording: boolean): string {
    const { engine } = this;
    const { syncTimes } = engine.store;
    const { appendTimes, openStudies } = engine.work;
    const { accessNotes, labNow, damaged } = engine;
    return metricsText([
      counter(
        'commands_total',
        'Commands by name and outcome: ok, or the code of the refusal.',
        this.commands,
      ),
      counter('refused_reads_total', 'Reads refused to whoever asked, by code.', this.refusedReads),
      {
        name: 'study_ledger_sign_ins_total',
        help: 'Sessions begun, by method.',
        type: 'counter',
        samples: [...accessNotes.signIns].map(([method, value]) => ({ labels: { method }, value })),
      },
      {
        name: 'study_ledger_sign_in_failures_total',
        help: 'Sign-ins that failed.',
        type: 'counter',
        samples: [{ value: accessNotes.failedSignIns }],
      },
      gauge('sign_in_alert', '1 after 20 failed sign-ins within 10 minutes.', Number(accessNotes.isAlert)),
      {
        name: 'study_ledger_append_seconds',
        help: 'Time until the store confirmed an append, its sync included.',
        type: 'histogram',
        samples: histogramSamples(appendTimes),
      },
      ...(syncTimes
        ? [
            {
              name: 'study_ledger_sync_seconds',
              help: 'Time of the commit of an append, with its sync to the disk.',
              type: 'histogram',
              samples: histogramSamples(syncTimes),
            } as const,
          ]
        : []),
      gauge('studies', 'Studies that are registered.', labNow.studies.size),
      gauge('open_studies', 'Studies that are folded in memory.', openStudies),
      gauge('damaged_studies', 'Studies whose records are damaged or cannot be read.', damaged.length),
      ...this.anchorAge(),
      gauge('store_up', '1 while the store answers.', Number(isUp)),
      gauge(
        'recording',
        '1 while a command would be recorded, 0 while recording is stopped.',
        Number(isRecording),
      ),
    ]);
  }

  /** Left out until something is anchored. */
  private anchorAge(): Metric[] {
    const anchors = [...this.engine.labNow.anchors.values()];
    if (anchors.length === 0) return [];
    const newest = Math.max(...anchors.map(({ recordedtime }) => instantMs(recordedtime) ?? 0));
    const seconds = Math.max(0, this.engine.clock() - newest) / 1000;
    return [
      gauge('last_anchor_age_seconds', 'Time since a head of any log was last anchored in the lab.', seconds),
    ];
  }
}

function counter(name: string, help: string, { samples }: Counter): Metric {
  return { name: `study_ledger_${name}`, help, type: 'counter', samples };
}

function gauge(name: string, help: string, value: number): Metric {
  return { name: `study_ledger_${name}`, help, type: 'gauge', samples: [{ value }] };
}
