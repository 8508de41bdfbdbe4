import { Counter, histogramSamples, metricsText } from '../../../src/http/metrics/prometheus.js';
import { Histogram } from '../../../src/shared/histogram.js';

describe('the text for Prometheus', () => {
  it('has a counter with a line for each set of labels', () => {
    const commands = new Counter();
    commands.add({ command: 'EnrolSubject', outcome: 'ok' });
    commands.add({ command: 'EnrolSubject', outcome: 'ok' });
    commands.add({ command: 'EnrolSubject', outcome: 'subject-dead' });
    const { samples } = commands;
    expect(metricsText([{ name: 'commands_total', help: 'Commands.', type: 'counter', samples }])).toBe(
      [
        '# HELP commands_total Commands.',
        '# TYPE commands_total counter',
        'commands_total{command="EnrolSubject",outcome="ok"} 2',
        'commands_total{command="EnrolSubject",outcome="subject-dead"} 1',
        '',
      ].join('\n'),
    );
  });

  it('has a histogram with cumulative buckets, sum and count', () => {
    const times = new Histogram();
    for (const seconds of [0.0004, 0.0005, 0.003, 99]) times.add(seconds);
    const text = metricsText([
      { name: 't_seconds', help: 'T.', type: 'histogram', samples: histogramSamples(times) },
    ]);
    expect(text).toContain('t_seconds_bucket{le="0.0005"} 2\nt_seconds_bucket{le="0.001"} 2\n');
    expect(text).toContain('t_seconds_bucket{le="10"} 3\nt_seconds_bucket{le="+Inf"} 4\n');
    expect(text).toMatch(/t_seconds_sum 99\.0039\d*\nt_seconds_count 4\n$/);
  });

  it('escapes what would end a label', () => {
    const samples = [{ labels: { code: 'a"b\\c\nd' }, value: 1 }];
    expect(metricsText([{ name: 'x', help: 'X.', type: 'gauge', samples }])).toContain(
      String.raw`x{code="a\"b\\c\nd"} 1`,
    );
  });
});
