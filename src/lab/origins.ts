/** A log is a stream as a Merkle tree; it has the name of the stream. */
export type LogName = 'lab' | 'access' | `study-${string}`;

export function studyLog(code: string): LogName {
  return `study-${code}`;
}

/** The code of a study's log; undefined for the two that are no study's. */
export function studyOf(log: LogName): string | undefined {
  return log.startsWith('study-') ? log.slice('study-'.length) : undefined;
}

/** The origin of a log: its name in every checkpoint, fixed for ever. */
export function originOf(facility: string, log: LogName): string {
  const code = studyOf(log);
  return `${facility}/ledger/${code === undefined ? log : `study/${code}`}`;
}

/** Not a log: the name of the key that attests electronic signatures. */
export function esignName(facility: string): string {
  return `${facility}/ledger/esign`;
}

/** A domain-like name in lower case, as every origin of the facility begins. */
export function isFacility(name: string): boolean {
  return name.length <= 100 && /^[a-z0-9]+([.-][a-z0-9]+)*$/.test(name);
}
