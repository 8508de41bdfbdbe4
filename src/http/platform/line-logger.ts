import type { LoggerService } from '@nestjs/common';

interface Entry {
  readonly message: string;
  readonly stack?: string;
}

/** A logger for a terminal: warnings and errors as one line each, without stacks. */
export function lineLogger(report: (line: string) => void): LoggerService {
  const write = (entry: unknown): void => report(formatLine(entry));
  // Nest reports a port that cannot be used, and throws it as well: whoever starts the server explains it.
  const error = (entry: unknown): void => {
    if (!String(entry).startsWith('Error: listen ')) write(entry);
  };
  return { log: () => undefined, warn: write, error, fatal: write };
}

function formatLine(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return String(entry).replaceAll(/\s*\n\s*/g, ' ');
  const { message, stack, ...details } = entry as Entry;
  const [cause = ''] = (stack ?? '').split('\n', 1);
  const parts = Object.entries(details).map(([name, value]) => `${name} ${String(value)}`);
  return [message, cause, ...parts].filter((part) => part !== '').join(', ');
}
