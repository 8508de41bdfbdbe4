import type { Histogram } from '../../shared/histogram.js';

/** The text format of Prometheus, version 0.0.4. */
export const PROMETHEUS = 'text/plain; version=0.0.4; charset=utf-8';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  /** What follows the name of the metric. */
  readonly suffix?: string;
  readonly labels?: Labels;
  readonly value: number;
}

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly Sample[];
}

/** Counts, by the values of its labels, which come from finite sets. */
export class Counter {
  private readonly values = new Map<string, Required<Omit<Sample, 'suffix'>>>();

  add(labels: Labels = {}): void {
    const key = Object.values(labels).join('\n');
    this.values.set(key, { labels, value: (this.values.get(key)?.value ?? 0) + 1 });
  }

  get samples(): readonly Sample[] {
    return [...this.values.values()];
  }
}

export function histogramSamples({ bounds, counts, count, sum }: Histogram): Sample[] {
  let below = 0;
  const buckets = bounds.map((bound, place) => {
    below += counts[place] ?? 0;
    return { suffix: '_bucket', labels: { le: String(bound) }, value: below };
  });
  const all = { suffix: '_bucket', labels: { le: '+Inf' }, value: count };
  return [...buckets, all, { suffix: '_sum', value: sum }, { suffix: '_count', value: count }];
}

export function metricsText(metrics: readonly Metric[]): string {
  const lines = metrics.flatMap(({ name, help, type, samples }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ suffix = '', labels = {}, value }) => `${name}${suffix}${braced(labels)} ${value}`),
  ]);
  return `${lines.join('\n')}\n`;
}

function braced(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
