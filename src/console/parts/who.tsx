import type { JSX } from 'preact';

/** Who is signed in, as every page says it. */
export interface SignedInAs {
  readonly person: string;
  /** In force, each with its study where it is for one only. */
  readonly roles: readonly string[];
  readonly method: string;
  /** Of the session, unless there is another request; undefined for a program. */
  readonly endsInSeconds: number | undefined;
  /** What the person has to know now, and where more is said. */
  readonly notice: string | undefined;
}

export function Who({ who }: { readonly who: SignedInAs | undefined }): JSX.Element {
  if (!who)
    return (
      <p class="who">
        <a href="/sign-in">Sign in</a>
      </p>
    );
  const { person, roles, method, endsInSeconds, notice } = who;
  return (
    <>
      <div class="who" data-person={person} data-method={method} data-ends-in={endsInSeconds}>
        <a href="/me">{person}</a>
        <span class="quiet">{roles.length === 0 ? 'no role' : roles.join(', ')}</span>
        <form method="post" action="/api/v1/sign-out">
          <button>Sign out</button>
        </form>
      </div>
      {notice !== undefined && (
        <p class="notice" role="note">
          {notice} <a href="/me#passkeys">Look at your passkeys</a>
        </p>
      )}
    </>
  );
}
