import { useSignal } from '@preact/signals';
import { documentOf } from '../../policy/policy-value.ts';
import { draft, preview, problem } from '../state/draft.ts';
import { words } from '../words.ts';
import { ImpactDetails } from './impact-details.tsx';
import { yamlOf } from './yaml.ts';

/** What the draft changes, whom that hits, and the same as a document. */
export function DraftDetails() {
  const asYaml = useSignal(false);
  const { changes, impact, selectorWarnings } = preview.value ?? {};
  return (
    <div class="details">
      <button type="button" class="toggle" aria-pressed={asYaml.value} onClick={() => (asYaml.value = !asYaml.value)}>
        {words.draft.asYaml}
      </button>
      {asYaml.value && draft.value ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it by the keyboard.
        <pre tabIndex={0}>{yamlOf(documentOf(draft.value))}</pre>
      ) : (
        <>
          {!preview.value && problem.value && <p class="problem">{problem.value}</p>}
          <ul>
            {changes?.map((change) => (
              <li key={change.field}>{words.change(change)}</li>
            ))}
            {selectorWarnings?.map(({ selector, message }) => (
              <li key={selector} class="problem">
                {message}
              </li>
            ))}
          </ul>
          {impact && <ImpactDetails impact={impact} />}
        </>
      )}
    </div>
  );
}
