import type { Request } from 'express';
import { studyLog, type LogName } from '../../lab/origins.js';

/** The log that an address is about: `/studies/<code>…`, `/access/…`, or else the lab, which lists the studies. */
export function logOf(request: Request): LogName {
  const { code } = request.params as Record<string, string | undefined>;
  if (code !== undefined) return studyLog(code);
  return request.path.startsWith('/access/') ? 'access' : 'lab';
}
