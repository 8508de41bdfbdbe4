import type { JSX } from 'preact';
import type { Authentication } from '../study/commands/common/command.js';
import type { Readers } from '../lab/people/reading.js';
import type { Lab } from '../lab/lab.js';
import type { Moment } from '../lab/people/standing.js';
import type { Engine } from '../recording/engine.js';
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
  readonly parameters?: readonly string[];
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
  readonly answer: (engine: Engine, address: Address, reader: Reader) => Promise<A | Refusal>;
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

export type Page = StudyPage | LedgerPage;

export function studyPage<A>(page: Omit<StudyPage<A>, 'of'>): StudyPage {
  return { ...(page as unknown as StudyPage), of: 'study' };
}

export function ledgerPage<A>(page: Omit<LedgerPage<A>, 'of'>): LedgerPage {
  return { ...(page as unknown as LedgerPage), of: 'ledger' };
}
