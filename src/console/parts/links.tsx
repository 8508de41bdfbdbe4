import { Fragment, createContext, type JSX } from 'preact';
import { useContext } from 'preact/hooks';

/** Where records and animals are found: other addresses in the console than in a file that leaves the house. */
export interface Links {
  /** Undefined where the record or the animal is not in this file. */
  record(number: number): string | undefined;
  animal(id: string): string | undefined;
}

export const LinksContext = createContext<Links>({ record: () => undefined, animal: () => undefined });

/** `#834`, as a link. */
export function RecordLink({ number }: { readonly number: number }): JSX.Element {
  const href = useContext(LinksContext).record(number);
  return href === undefined ? <span class="n">#{number}</span> : <a class="n" href={href}>{`#${number}`}</a>;
}

/** `#262 #293`; nothing for none. */
export function RecordLinks({ numbers }: { readonly numbers: readonly number[] }): JSX.Element {
  return (
    <>
      {[...new Set(numbers)].map((number, index) => (
        <Fragment key={number}>
          {index > 0 && ' '}
          <RecordLink number={number} />
        </Fragment>
      ))}
    </>
  );
}

export function AnimalLink({ id }: { readonly id: string }): JSX.Element {
  const href = useContext(LinksContext).animal(id);
  return href === undefined ? <span>{id}</span> : <a href={href}>{id}</a>;
}

/** The address of another page of this study, at the tree size and until that the reader is at; empty where there is none. */
export const StudyHref = createContext<(page: string, query?: Readonly<Record<string, string>>) => string>(
  () => '',
);

export function StudyLink({
  to,
  query,
  children,
}: {
  /** After the study’s own address: `/animals`, or nothing. */
  readonly to: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly children: string;
}): JSX.Element {
  const href = useContext(StudyHref)(to, query);
  return href === '' ? <>{children}</> : <a href={href}>{children}</a>;
}

/** The address of this page as it was known at another tree size. */
export const StepHref = createContext<(size: number) => string>(() => '#');

/** The address of a file of this study, made at the tree size that the reader is at. */
export const FileHref = createContext<(name: string) => string>(() => '#');
