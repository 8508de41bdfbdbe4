import { Inject, Injectable } from '@nestjs/common';
import type { CheckedMapping } from '../../imports/mapping/read-mapping.js';
import type { SheetFile } from '../../imports/reading/read-book.js';
import { sha256Hex } from '../../shared/sha256.js';
import { Engine } from '../../recording/engine.js';

/** A file on its way, and what was said of it so far. */
export interface ImportDraft {
  readonly file: SheetFile;
  readonly sha256: string;
  /** What was chosen for columns and settings. */
  chosen: URLSearchParams;
  /** A mapping that was sent or chosen instead, by its name. */
  mapping?: { readonly name: string; readonly text: string } | undefined;
  rowReason: string;
  skipKnown: boolean;
  /** Whether its rows were found after the study was closed. */
  foundLater: boolean;
  /** Rows that are left out by hand. */
  leftOut: readonly LeftOut[];
}

export type LeftOut = Omit<NonNullable<CheckedMapping['leaveOut']>[number], 'file'>;

interface Kept {
  readonly draft: ImportDraft;
  usedMs: number;
}

const MOST_BYTES = 96 * 1024 * 1024;
const MOST = 20;
const KEPT_MS = 30 * 60_000;
/** Pages that were recorded, and are answered alike where they are sent again. */
const MOST_RECORDED = 200;

/**
 * The files that people are looking at, one a person and study, in memory: until they are recorded, for half an hour, and as
 * long as all of them are not too large. A page whose file is gone asks for it again, so nothing rests on one that is kept.
 */
@Injectable()
export class ImportDrafts {
  private readonly kept = new Map<string, Kept>();
  private readonly recorded = new Set<string>();

  constructor(@Inject(Engine) private readonly engine: Engine) {}

  keep(person: string, study: string, file: SheetFile): ImportDraft {
    const draft: ImportDraft = {
      // A part of a body would keep the whole of it.
      file: { name: file.name, bytes: Buffer.from(file.bytes) },
      sha256: sha256Hex(file.bytes),
      chosen: new URLSearchParams(),
      rowReason: '',
      skipKnown: false,
      foundLater: false,
      leftOut: [],
    };
    this.drop(person, study);
    this.kept.set(keyOf(person, study), { draft, usedMs: this.engine.clock() });
    this.tidy();
    return draft;
  }

  /** Undefined where it is not kept, or no longer. */
  find(person: string, study: string, sha256: string): ImportDraft | undefined {
    this.tidy();
    const found = this.kept.get(keyOf(person, study));
    if (found?.draft.sha256 !== sha256) return undefined;
    found.usedMs = this.engine.clock();
    return found.draft;
  }

  /** @param shown The digest of what the page showed that was recorded. */
  finish(person: string, study: string, draft: ImportDraft, shown: string): void {
    if (this.kept.get(keyOf(person, study))?.draft === draft) this.drop(person, study);
    this.recorded.add(keyOf(person, study, shown));
    const [oldest = ''] = this.recorded;
    if (this.recorded.size > MOST_RECORDED) this.recorded.delete(oldest);
  }

  /** Whether it was this very page that was recorded: another tab may have recorded the file as it showed it. */
  isRecorded(person: string, study: string, shown: string): boolean {
    return this.recorded.has(keyOf(person, study, shown));
  }

  drop(person: string, study: string): void {
    this.kept.delete(keyOf(person, study));
  }

  /** The files that were used last stay. */
  private tidy(): void {
    const nowMs = this.engine.clock();
    const byUse = [...this.kept].sort(([, a], [, b]) => b.usedMs - a.usedMs);
    let bytes = 0;
    for (const [index, [key, { draft, usedMs }]] of byUse.entries()) {
      bytes += draft.file.bytes.length;
      const isOver = index >= MOST || (index > 0 && bytes > MOST_BYTES);
      if (isOver || nowMs - usedMs > KEPT_MS) this.kept.delete(key);
    }
  }
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
