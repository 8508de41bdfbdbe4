import { render, type Block } from './output/page.js';

/** The process that the program runs in. Tests give their own. */
export interface Host {
  /** How this program is called, such as `node dist/cli.js`. */
  readonly program: string;
  /** Prints text and a line break on the standard output. */
  readonly print: (text: string) => void;
  /** Prints text and a line break on the error output. */
  readonly warn: (text: string) => void;
  /** Writes text without a line break to the standard output; resolves when more can be written. */
  readonly write: (text: string) => Promise<void>;
  /** Writes to the terminal behind the error output; undefined if there is none. */
  readonly draw?: ((text: string) => void) | undefined;
  /** The width of the terminal in columns of text; undefined if lines need not be wrapped. */
  readonly columns?: number | undefined;
  /** Whether a person sees the standard output. */
  readonly isTerminal?: boolean | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The built verify.mjs, which is copied into each bundle. */
  readonly verifier: URL;
  /** Resolves when the program is told to stop. `serve` runs until then. */
  readonly stopped: () => Promise<unknown>;
}

/** What a subcommand may use of its process. What it prints is escaped and wrapped. */
export interface Io extends Omit<Host, 'print' | 'warn'> {
  readonly print: (...blocks: Block[]) => void;
  readonly warn: (...blocks: Block[]) => void;
}

export function ioOf({ print, warn, ...rest }: Host): Io {
  const { columns = Infinity } = rest;
  return {
    ...rest,
    print: (...blocks) => print(render(blocks, columns)),
    warn: (...blocks) => warn(render(blocks, columns)),
  };
}

/** What a subcommand returns: what to print, or an exit code; nothing stands for exit code 0. */
export type Answer = string | readonly Block[] | number | void;

/** Runs a subcommand. Takes its arguments, its options and the {@link Io}. */
export type Handler = (...args: never[]) => Answer | Promise<Answer>;

/** Makes an action for Commander. The module of a subcommand is loaded only when the subcommand is called. */
export type Act = (load: () => Promise<Handler>) => (...given: unknown[]) => Promise<void>;
