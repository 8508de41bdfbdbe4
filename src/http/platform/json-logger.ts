import { ConsoleLogger } from '@nestjs/common';
import { escapeControls } from '../../verify/checks/printable.js';

/** A log of one JSON object a line. What a terminal would obey is escaped, which JSON takes for the same text. */
export class JsonLogger extends ConsoleLogger {
  constructor(options: { context?: string; logLevels?: ('fatal' | 'error' | 'warn')[] } = {}) {
    super({ ...options, json: true });
  }

  protected override stringifyJsonLogObject(entry: Record<string, unknown>): string {
    return escapeControls(super.stringifyJsonLogObject(entry));
  }
}
