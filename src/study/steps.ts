/**
 * A computation in small pieces. After each, whoever runs it may do something else first; the clock that says when is
 * theirs. What it reads must not change meanwhile: a study at one tree size does not.
 */
export type Steps<A> = Generator<void, A, void>;

/** Takes all steps at once. */
export function finish<A>(steps: Steps<A>): A {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
