import type { LabRecord } from '../lab/lab.js';
import type { LogName } from '../lab/origins.js';
import type { EventStore } from '../store/event-store.js';

/** What the records of a log say about disclosures, by digest. */
export interface RecordedCommitments {
  readonly made: ReadonlySet<string>;
  readonly redacted: ReadonlySet<string>;
}

/** In canonical JSON this is a member, never the inside of a text: there a quote is escaped. */
const COMMITMENT = /"\.\.\.":"([A-Za-z0-9_-]{43})"/g;

/** Reads the texts of logs without folding them. Erasures are recorded in the lab. */
export async function recordedCommitments(
  store: Pick<EventStore, 'read'>,
  logs: readonly LogName[] = ['lab'],
): Promise<RecordedCommitments> {
  const [made, redacted] = [new Set<string>(), new Set<string>()];
  for (const log of logs)
    for await (const page of store.read(log))
      for (const { text } of page) {
        for (const [, digest = ''] of text.matchAll(COMMITMENT)) made.add(digest);
        if (log === 'lab' && text.includes('"type":"FieldRedacted"')) noteErasure(redacted, text);
      }
  return { made, redacted };
}

function noteErasure(redacted: Set<string>, text: string): void {
  const { type, data } = JSON.parse(text) as LabRecord;
  if ((type as string) === 'FieldRedacted') redacted.add((data as unknown as { digest: string }).digest);
}
