import type { JSX } from 'preact';
import type { BenchAsked } from '../page.js';
import { StudyHref } from '../parts/links.js';
import { useContext } from 'preact/hooks';

/** The animals that are alive and in the study, in order of their names. */
export function livingAnimals({ view }: Pick<BenchAsked, 'view'>): readonly string[] {
  return [...view.study.subjects.values()]
    .filter(({ enrolled, died, fate }) => enrolled && !died && !fate)
    .map(({ id }) => id)
    .sort();
}

/** What a page about one animal shows where its address names none. */
export function ChooseAnimal({
  title,
  to,
  animals,
}: {
  readonly title: string;
  readonly to: string;
  readonly animals: readonly string[];
}): JSX.Element {
  const href = useContext(StudyHref);
  return (
    <section class="bench">
      <p class="back">
        <a href={href('/bench')}>Bench</a>
      </p>
      <h1>{title}</h1>
      {animals.length === 0 ? (
        <p>No animal of this study is alive.</p>
      ) : (
        <nav class="picks" aria-label="Animal">
          {animals.map((animal) => (
            <a href={href(to, { animal })}>{animal}</a>
          ))}
        </nav>
      )}
    </section>
  );
}
