/** A command as a test sends it. */

export type Body = Readonly<Record<string, unknown>>;

export interface Sent {
  readonly name: string;
  readonly body: Body;
  /** When it is recorded: as it happens, where it says when that was, otherwise a minute after the last one. */
  readonly clock?: string;
  /** Who gives it; `tech-1` where left out. */
  readonly by?: Acting;
}

export interface Acting {
  readonly actor: string;
  readonly role: string;
  /** Every id of the same human, as the lab knows them; the actor’s alone where left out. */
  readonly individual?: ReadonlySet<string>;
}
