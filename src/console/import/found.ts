import type { EndpointAlert } from '../../study/welfare/endpoints.js';

/** What the server found for the page of an import, as plain data: the page shows it and computes nothing. */
export interface ImportFound {
  /** The mappings that the study keeps, the newest first. */
  readonly mappings: readonly NamedMapping[];
  readonly sheet?: FoundSheet;
  /** What the file of the address became, where it was recorded. */
  readonly recorded?: FoundRecords;
  /** Why what was sent is not taken. */
  readonly refused?: {
    readonly detail: string;
    readonly errors: readonly { readonly field: string; readonly detail: string }[];
  };
}

export interface NamedMapping {
  readonly name: string;
  readonly sha256: string;
  readonly number: number;
}

export interface FoundRecords {
  readonly file: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly mapping?: NamedMapping | undefined;
  /** Of the animals of this file, what waits for a decision. */
  readonly endpoints: readonly EndpointAlert[];
}

export type Option = readonly [value: string, words: string];

export interface OptionGroup {
  readonly label?: string | undefined;
  readonly options: readonly Option[];
}

/** One field of the form that matches the columns. */
export interface FoundField {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** A choice of these; anything may be typed where left out. */
  readonly options?: readonly Option[] | undefined;
  readonly type?: 'date' | 'time' | undefined;
  readonly help?: string | undefined;
  /** Whether nothing tells its answer, and there are no rows before it is given. */
  readonly isDue: boolean;
}

export interface FoundColumn {
  readonly place: string;
  readonly title: string;
  readonly cells: readonly string[];
  readonly means: string;
  readonly sure: 'name' | 'values' | 'unknown';
  /** The unit, and what the words in its cells mean. */
  readonly fields: readonly FoundField[];
}

/** A row as it would be recorded, or why it would not. */
export interface FoundRow {
  readonly sheet?: string | undefined;
  readonly row?: number | undefined;
  readonly column?: string | undefined;
  /** Date, time and offset as they would be recorded. */
  readonly when?: string | undefined;
  readonly said: string;
  readonly flags: readonly string[];
  /** What is irregular or urgent about it, a sentence each. */
  readonly remarks?: readonly string[];
  /** A record that says the same within the same minute. */
  readonly maybeSame?: number | undefined;
  readonly verdicts: readonly string[];
}

export interface FoundRows {
  readonly fit: number;
  /** The first of those that are fit. */
  readonly shown: readonly FoundRow[];
  readonly refused: readonly FoundRow[];
  readonly refusedCount: number;
  /** The first of those that the mapping leaves out; what is said is the reason. */
  readonly leftOut: readonly FoundRow[];
  /** Whether an animal of a refused row is not enrolled. */
  readonly hasUnknown: boolean;
  /** What else became of rows, in words: “3 imported before”. */
  readonly others: readonly string[];
  readonly flagged: readonly { readonly code: string; readonly kind: string; readonly rows: string }[];
  readonly notHeeded: readonly FoundRow[];
  readonly unread: readonly string[];
  readonly notices: readonly string[];
  /** Humane endpoints that these rows reach. */
  readonly endpoints: readonly EndpointAlert[];
}

export interface FoundSheet {
  readonly file: string;
  readonly sha256: string;
  /** The rows that were left out here, as they were named. */
  readonly leftOut: readonly {
    readonly sheet?: string | undefined;
    readonly rows: string;
    readonly why: string;
  }[];
  readonly allSheets: readonly string[];
  /** Undefined where a mapping was given instead. */
  readonly columns?: readonly FoundColumn[];
  readonly header: number;
  readonly count: number;
  readonly sheets: readonly string[];
  readonly others: readonly string[];
  /** What columns can be: what is always there, then the fields of each command that was chosen. */
  readonly meanings: readonly OptionGroup[];
  /** The commands that rows can become. */
  readonly records: readonly { readonly name: string; readonly words: string; readonly isChosen: boolean }[];
  readonly settings: readonly FoundField[];
  /** What has to be answered, beside the fields that are due. */
  readonly asked: readonly string[];
  /** The mapping that is used, by name; undefined where the columns were matched here. */
  readonly mapping?: string | undefined;
  /** What that mapping says of every row, a sentence each. */
  readonly saidOfAll: readonly string[];
  /** Saved ones whose columns this sheet has. */
  readonly fitting: readonly NamedMapping[];
  /** As typed for rows that need one. */
  readonly reason: string;
  readonly skipKnown: boolean;
  /** Whether it is said to be found after closing; undefined where the study is open. */
  readonly foundLater?: boolean;
  /** Undefined while something is due. */
  readonly rows?: FoundRows | undefined;
  /** SHA-256 of all that the rows rest on; what is recorded must have the same. */
  readonly shown?: string | undefined;
  /** Whether the study keeps this very mapping. */
  readonly saved?: NamedMapping | undefined;
}
