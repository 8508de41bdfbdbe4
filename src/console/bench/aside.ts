import type { JSX } from 'preact';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import type { Protocol } from '../../study/protocol.js';
import type { Fact } from '../../study/study.js';
import type { Offered } from '../forms/form-context.js';
import type { BenchAsked } from '../page.js';

export type Values = Readonly<Record<string, unknown>>;

/** What the form of a command is told beside its fields. */
export interface AsideAsked {
  readonly asked: BenchAsked;
  readonly definition: CommandDefinition;
  readonly animal: string;
  readonly history: readonly Fact[];
  readonly protocol: Protocol;
  /** What the address or the last sending of the form says. */
  readonly typed: Values;
}

/** What stands beside the fields of a command, or in their place: what the records and the protocol say about it. */
export interface Aside {
  /** Above the form. */
  readonly Told?: () => JSX.Element;
  /** In the form, before the other fields. */
  readonly Fields?: (props: { readonly body: Values }) => JSX.Element;
  /** Fields that `Fields` asks for. */
  readonly without?: readonly string[];
  /** What the form begins with. */
  readonly data?: Values;
  readonly offered?: Readonly<Record<string, Offered>>;
}
