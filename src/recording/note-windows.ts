import type { AccessEventData } from '../lab/access.js';

export type NotedType = 'SignInFailed' | 'CommandRefused' | 'FileMade';

/** Something to be written into the access log, as often as it happened. */
export interface Note<T extends NotedType = NotedType> {
  readonly type: T;
  readonly data: AccessEventData[T];
  readonly actor: string;
  readonly role: string;
  readonly session?: string | undefined;
  /** Size of the lab when it happened first. */
  readonly labsize: number;
  /** When it happened first, ms. */
  readonly atMs: number;
}

interface Window {
  /** What happened since the last record. */
  waiting: Note | undefined;
  /** The next record may be made from here on, ms. */
  opensMs: number;
}

const MINUTE_MS = 60_000;

/**
 * Bounds how much the access log grows: of notes that count as the same, the first becomes a record at once, and those
 * of each minute after it one record more, with their number.
 */
export class NoteWindows {
  private readonly windows = new Map<string, Window>();

  /**
   * @param key what the note is counted under; keys come from finite sets, so the memory is bounded too
   * @returns from when on `take` takes it, ms
   */
  add(key: string, note: Note): number {
    const window = this.windows.get(key);
    if (window) window.waiting = window.waiting ? together(window.waiting, note) : note;
    else this.windows.set(key, { waiting: note, opensMs: -Infinity });
    return window?.opensMs ?? -Infinity;
  }

  /** Takes what is due; all that waits where `all` is set. */
  take(nowMs: number, all = false): Note[] {
    const due: Note[] = [];
    for (const [key, window] of this.windows) {
      // A clock that was put back does not keep a window shut.
      const isOpen = nowMs >= window.opensMs || nowMs < window.opensMs - MINUTE_MS;
      if (window.waiting && (all || isOpen)) {
        due.push(window.waiting);
        window.waiting = undefined;
        window.opensMs = nowMs + MINUTE_MS;
      } else if (isOpen) this.windows.delete(key);
    }
    return due;
  }

  /** From when on `take` takes something, ms; undefined where nothing waits. */
  get dueMs(): number | undefined {
    const waiting = [...this.windows.values()].filter((window) => window.waiting);
    return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ opensMs }) => opensMs));
  }
}

/** Two notes as one: their number is added up, the larger size counts, and what else differs is left out. */
function together(a: Note, b: Note): Note {
  const [one, other] = [a.data, b.data] as unknown as Record<string, unknown>[];
  const data: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(one!)) {
    const second = other![name];
    if (name === 'count') data[name] = (value as number) + (second as number);
    else if (name === 'size') data[name] = Math.max(value as number, (second as number | undefined) ?? 0);
    else if (value === second) data[name] = value;
  }
  return {
    ...a,
    data: data as unknown as Note['data'],
    role: a.role === b.role ? a.role : 'self',
    session: a.session === b.session ? a.session : undefined,
  };
}
