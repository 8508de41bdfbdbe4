/** What a command may use of the process that it runs in. */
export interface Io {
  /** One line, or several, to the standard output. */
  readonly print: (text: string) => void;
  /** One line, or several, to the error output. */
  readonly warn: (text: string) => void;
  /** Text as it is to the standard output; resolves once the reader takes more. */
  readonly write: (text: string) => Promise<void>;
  /** Draws over the current line of the error output; undefined if that is not a terminal. */
  readonly draw?: ((text: string) => void) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the build put the verifier that goes into each bundle. */
  readonly verifier: URL;
  /** Resolves when the program is told to stop; until then `serve` serves. */
  readonly stopped: () => Promise<unknown>;
}

/** What a command answers with: text to print, or the exit code if that is not 0. */
export type Answer = string | number | void;

/** Takes the arguments of a subcommand, its options and the {@link Io}. */
export type Handler = (...args: never[]) => Answer | Promise<Answer>;

/** The action of a subcommand: what it needs is loaded when it is called, not before. */
export type Act = (load: () => Promise<Handler>) => (...given: unknown[]) => Promise<void>;
