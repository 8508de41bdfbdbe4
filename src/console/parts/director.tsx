import type { JSX } from 'preact';

/** The study director, and that they cannot act where that is so: until they are replaced nobody decides. */
export function Director({
  of: { director, directorAbsent },
}: {
  readonly of: { readonly director?: string | null; readonly directorAbsent?: boolean };
}): JSX.Element {
  return (
    <>
      {director}
      {directorAbsent === true && (
        <>
          {' '}
          <strong title="Deactivated, or without a grant of the role: management replaces the director.">
            director-absent
          </strong>
        </>
      )}
    </>
  );
}
