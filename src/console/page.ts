import type { JSX } from 'preact';
import type { Authentication, CommandDefinition } from '../study/commands/common/command.js';
import type { Readers } from '../lab/people/reading.js';
import type { Lab } from '../lab/lab.js';
import type { Moment } from '../lab/people/standing.js';
import type { Engine } from '../recording/engine.js';
import type { Receipt } from '../recording/open-stream.js';
import type { InZone } from './forms/read-form.js';
import type { View } from '../study/projections/projection.js';
import type { Refusal } from '../study/refusal.js';
import type { Steps } from '../study/steps.js';

/** What an address says: the variable segments of its path, and its query. The tree size and `until` are in the view. */
export interface Address {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export interface MainProps<A> extends Address {
  readonly answer: A;
}

interface AnyPage<A> {
  /** As the router takes it: `/studies/:code/animals/:animal`. */
  readonly path: string;
  /** In the navigation, where the page stands there. */
  readonly name?: string;
  /** What its query may hold, beside `at` and `until`. Any other name is refused. */
  readonly parameters?: readonly string[] | 'any';
  /** The title of the window: “R14”. */
  readonly title: (props: MainProps<A>) => string;
  /** What stands in `<main>`: a function of the answer and of the address, and of nothing else. */
  readonly main: (props: MainProps<A>) => JSX.Element;
  /** A script of its own, by the name of its file in `client/`. */
  readonly script?: string;
}

/**
 * A page of one study. At tree size n it depends on records 0 … n−1, on the lab at the moment of the last of them, and on
 * nothing else; without a tree size, on the lab as it is.
 */
export interface StudyPage<A = never> extends AnyPage<A> {
  readonly of: 'study';
  /** In steps, so that a long answer gives other requests a turn. */
  readonly answer: (view: View, address: Address, lab: Lab, moment: Moment) => Steps<A | Refusal>;
  /** The smallest tree size at which this page is there; 1 where left out. */
  readonly least?: (answer: A) => number;
}

/** A page about the ledger as a whole. */
export interface LedgerPage<A = never> extends AnyPage<A> {
  readonly of: 'ledger';
  /** Who may open it; a page of a study is for those who may read the study. */
  readonly readers: Readers;
  readonly answer: (
    engine: Engine,
    address: Address,
    reader: Reader,
    posted?: Posted,
  ) => Promise<A | Refusal>;
  /** What its form records, as of a page at the bench. */
  readonly send?: (pairs: URLSearchParams) => Sent | Refusal | undefined;
}

/** Who opens a page. */
export interface Reader {
  /** Undefined where nobody is signed in. */
  readonly person: string | undefined;
  /** As records name it. */
  readonly session: string | undefined;
  readonly by: Authentication | undefined;
  /** When the session ends unless there is another request, ms; undefined for a program, and where nobody is signed in. */
  readonly endsMs?: number | undefined;
  readonly mayRead: (study: string) => boolean;
}

/** What a page at the bench may look at: the study at its head, and also the clock and the reader. */
export interface BenchAsked extends Address {
  readonly view: View;
  readonly lab: Lab;
  readonly reader: Reader;
  readonly nowMs: number;
  /** Of the facility's time zone from UTC, now. */
  readonly offsetMinutes: number;
  /** Of the site in force; where none is set up, of this request. */
  readonly origin: string;
  /** A time that was typed on the clock of the facility. */
  readonly inZone: InZone;
  /** A fresh id for what the page's form will record, so that it is recorded once however often it is sent. */
  readonly newId: () => string;
  /** What the form said that was refused. */
  readonly posted?: Posted;
  /** The other study that the page asked for, where it is there and the reader may read it. */
  readonly other?: View;
  /** What the server looked up, for a page that it has a controller for. */
  readonly found?: unknown;
}

/** A form that was not recorded: it is shown again with all that was typed. */
export interface Posted {
  readonly pairs: URLSearchParams;
  /** Undefined where nothing was to be recorded yet. */
  readonly refusal?: Refusal;
  /** Of a form whose commands stand each by itself: what was refused, by the id of the command. */
  readonly refusals?: ReadonlyMap<string, Refusal>;
}

/** The commands that a form stands for, in their order, and where one comes afterwards. */
export interface Sent {
  readonly commands: readonly [SentCommand, ...SentCommand[]];
  /** Whether each stands by itself: the others are recorded where one is refused. */
  readonly isEach?: boolean;
  /** A path of this server; the receipts are those of the commands. */
  readonly next: (receipts: readonly Receipt[]) => string;
}

export interface SentCommand {
  readonly id: string;
  readonly definition: CommandDefinition;
  readonly study: string;
  readonly body: object;
}

/** A page of one study where things are recorded. It shows the present and takes no tree size. */
export interface BenchPage<A = never> extends AnyPage<A> {
  readonly of: 'bench';
  /** The code of another study that the page looks at. */
  readonly other?: (address: Address) => string | undefined;
  readonly answer: (asked: BenchAsked) => Steps<A | Refusal>;
  /** What its form records. Undefined where there is nothing to record yet: the page is shown again. */
  readonly send?: (pairs: URLSearchParams, asked: BenchAsked) => Sent | Refusal | undefined;
  /** Whether the server has a controller for it, since its forms are no commands. */
  readonly hasController?: true;
}

export type Page = StudyPage | LedgerPage | BenchPage;

export function studyPage<A>(page: Omit<StudyPage<A>, 'of'>): StudyPage {
  return { ...(page as unknown as StudyPage), of: 'study' };
}

export function ledgerPage<A>(page: Omit<LedgerPage<A>, 'of'>): LedgerPage {
  return { ...(page as unknown as LedgerPage), of: 'ledger' };
}

export function benchPage<A>(page: Omit<BenchPage<A>, 'of'>): BenchPage {
  return { ...(page as unknown as BenchPage), of: 'bench' };
}
